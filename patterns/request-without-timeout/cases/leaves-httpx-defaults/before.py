import httpx

a = httpx.get(url)
b = httpx.Client()
c = httpx.post(url, timeout=5)
