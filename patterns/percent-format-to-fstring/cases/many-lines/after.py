log.info(
    f"{name!s}: {value!s}"
)
text = (f"{name!s} "
        f"{value!s}").strip()
both = (f"{name!s}") + f"{value!s}" * 2
