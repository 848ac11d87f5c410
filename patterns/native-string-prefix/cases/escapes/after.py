x = "\N{BULLET} \u2022 \x41 \\u 'é'"
