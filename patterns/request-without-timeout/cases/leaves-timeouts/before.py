import requests

a = requests.get(url, timeout=10)
b = requests.get(url, timeout=(3, 10))
c = requests.get(url, timeout=timeout)
d = requests.get(url, timeout=0)
