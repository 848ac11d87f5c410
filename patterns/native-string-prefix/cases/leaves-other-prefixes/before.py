x = b"bytes"
y = r"raw" R"raw" f"{x}"
z = rb"both" Rb"both"
