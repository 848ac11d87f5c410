from library import requests
from .requests import get

a = requests.get(url)
b = get(url)
c = self.requests.get(url)
d = {}.get("requests")
e = {}.get(url, timeout=None)
