import requests

session = requests.Session()
a = session.get(url)
b = requests.exceptions.HTTPError()
c = requests.codes.get("ok")
d = requests.get
