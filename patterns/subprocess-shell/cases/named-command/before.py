import subprocess

subprocess.run(args=command, shell=True)
subprocess.run(*commands, shell=True)
