import requests

a = requests.get(url)
b = requests.post(url, data={"a": 1})
c = requests.request("GET", url)
d = requests.head(*arguments)


async def wait():
    return requests.put(url).json(), requests.patch(url), requests.delete(url), requests.options(url)
