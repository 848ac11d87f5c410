import httpx

a = httpx.get(url, timeout=None)
b = httpx.AsyncClient(timeout=None)
with httpx.Client(timeout=None) as client, httpx.stream("GET", url, timeout=None) as answer:
    pass
