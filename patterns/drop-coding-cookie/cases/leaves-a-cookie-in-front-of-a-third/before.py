# a tool
# -*- coding: utf-8 -*-
# -*- coding: latin-1 -*-
