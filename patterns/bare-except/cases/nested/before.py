class Job:
    def run(self):
        try:
            self.start()
        except:
            try:
                self.stop()
            except: # nobody cares
                self.log()
            raise Failed
