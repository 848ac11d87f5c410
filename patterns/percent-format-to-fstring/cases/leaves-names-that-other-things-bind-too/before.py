from errors import *

try:
    run()
except ValueError as outer:
    print("%s" % outer)


def read(error, path):
    try:
        return path.read_text()
    except OSError as error:
        log("%s" % error)


def write(path):
    with open(path) as error:
        log("%s" % error)
    for failure in path:
        try:
            path.write()
        except OSError as failure:
            log("%s" % failure)


class Meaning:
    try:
        run()
    except ValueError as cause:
        text = "%s" % cause
