import requests as r
from requests import get, post as send

a = r.get(url)
b = get(url)
c = send(
    url,
    json=data,
)
