#
# Copyright
