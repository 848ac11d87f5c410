try:
    run()
except :
    log()
else:
    go_on()
finally:
    stop()
