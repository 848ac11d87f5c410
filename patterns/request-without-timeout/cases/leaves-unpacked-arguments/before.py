import requests

a = requests.get(url, **options)
b = requests.post(url, data=data, **{"timeout": 3})
