"""The private memory of a process while it works."""

import threading

INTERVAL = 0.005


class PeakMemory:
    """`with PeakMemory(pid) as peak: …; peak.bytes` is the most anonymous memory the process had:
    mapped files, which the system may take back, are not counted."""

    def __init__(self, pid):
        self.status = f"/proc/{pid}/status"
        self.bytes = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def _watch(self):
        while True:
            try:
                with open(self.status) as file:
                    for line in file:
                        if line.startswith("RssAnon"):
                            self.bytes = max(self.bytes, int(line.split()[1]) * 1024)
                            break
            except (FileNotFoundError, ProcessLookupError):
                return
            if self.done.wait(INTERVAL):
                return
