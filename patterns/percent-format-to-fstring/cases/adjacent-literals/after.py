raise ValueError(f"no {key!s} in "  # where
                 f'the {{}} "{place!r}"'
                 f" nor {other!s}" " at all")
