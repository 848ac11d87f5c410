import subprocess

subprocess.run(["ls", "-l"])
subprocess.run(["ls"], shell=False)
subprocess.run(["ls"], shell=None)
subprocess.run(["ls"], shell=0)
subprocess.run(["ls"], shell="")
subprocess.run(["ls"], shell=[])
subprocess.run("ls", text=True)
