a = (f"first {one} "
     f'second {two} {{}}'
     fr"third {three}\d" "fourth {}")
b = (f"{one} "
     f"{two}").strip()
c = f"{1} " f"""{1}
{name}"""
