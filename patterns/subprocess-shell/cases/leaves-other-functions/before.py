import os
import subprocess

run(command, shell=True)
os.system(command)
subprocess.getoutput(command)
session.run(command, shell=True)
subprocess.CompletedProcess(command, 0, shell=True)
