import requests

a = requests.get(url, timeout=None)
b = requests.get(url, timeout=None, **options)
