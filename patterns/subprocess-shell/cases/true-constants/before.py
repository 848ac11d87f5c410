import subprocess

subprocess.run(command, shell=1)
subprocess.run(command, shell="yes")
subprocess.run(command, shell=[1])
subprocess.run(command, shell=(0,))
subprocess.run(command, shell={1: 2})
subprocess.run(command, shell=0.5)
subprocess.run(command, shell="y" "es")
subprocess.run(command, shell={1})
