package ifneeded mcsh 1.0 [list source [file join $dir mcsh.exp]]
