try:
    run()
except:
    clean_up()
    raise

try:
    run()
except: log(); raise
