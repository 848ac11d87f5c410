
import os
