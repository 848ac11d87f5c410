import subprocess

subprocess.run(command, shell=True)
subprocess.Popen("ls", shell=True)
subprocess.call(f"ls {name}", shell=True, cwd=folder)
subprocess.check_call("ls", shell=True)
out = subprocess.check_output("ls" + name, shell=True).decode()
