import subprocess

subprocess.run(command, shell=shell)
subprocess.run(command, shell=sys.platform == "win32")
subprocess.run(command, **options)
subprocess.run(command, shell=[*parts])
