try:
    run()
except BaseException as error:
    pass
