#!/usr/bin/env expect
# A line is edited by characters and stored by bytes.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

set left "\x1b\[D"
set right "\x1b\[C"
set home "\x1b\[H"
set end "\x1b\[F"
set delete "\x1b\[3~"
set backspace "\x7f"

session {keys move and delete} {
	start
	keys "get fobar"
	line_is {typing} "get fobar|"
	keys $left$left$left
	line_is {Left} "get fo|bar"
	keys o
	line_is {insertion in the middle} "get foo|bar"
	keys $home
	line_is {Home} "|get foobar"
	keys $end
	line_is {End} "get foobar|"
	keys $backspace$backspace
	line_is {Backspace} "get foob|"
	keys $left$left$delete
	line_is {Delete} "get fo|b"
	keys $right$right
	line_is {Right, and no further than the end} "get fob|"
	keys "\x01"
	line_is {Ctrl-A} "|get fob"
	keys $left$backspace$delete
	line_is {at the beginning there is nothing to the left} "|et fob"
	keys "s\x05"
	line_is {Ctrl-E} "set fob|"
	keys " bar"
	answers {the line is run as it was shown} "" {STORED}
	is {and nothing else was stored} bar [stored fob]
}

session {words, kill and yank} {
	start
	keys "set key one two"
	line_is {a line to cut} "set key one two|"
	keys "\x17"
	line_is {Ctrl-W kills a word} "set key one |"
	keys "\x1b\[1;5D"
	line_is {Ctrl-Left goes a word back} "set key |one"
	keys "\x0b"
	line_is {Ctrl-K kills to the end} "set key |"
	keys "\x01\x0b"
	line_is {and from the beginning all of it} "|"
	keys "\x19\x19"
	line_is {Ctrl-Y brings it back, and again} "set key set key |"
	keys "\x15"
	line_is {Ctrl-U} "|"
	keys "get key"
	answers {a killed line is not run} "" {{(miss)  (key is not in the cache)}}
}

session {characters of several bytes and columns} {
	set accent [utf8 \u00e9]
	set sun [utf8 \u65e5]
	set origin [utf8 \u672c]
	set smile "\xf0\x9f\x98\x80"
	start
	keys "set u a$accent$sun$origin${smile}z"
	line_is {typed} "set u a$accent$sun$origin${smile}z|"
	keys $left$left
	line_is {Left goes over a whole character} "set u a$accent$sun$origin|${smile}z"
	keys $left$backspace
	line_is {Backspace takes a whole one} "set u a$accent|$origin${smile}z"
	keys $left$delete
	line_is {Delete takes a whole one} "set u a|$origin${smile}z"
	keys $accent
	line_is {one is inserted before a wide one} "set u a$accent|$origin${smile}z"
	answers {the line is run} "" {STORED}
	is {the value is the bytes typed} "a$accent$origin${smile}z" [stored u]
	keys "set \xc3("
	line_is {a byte that begins no character is shown as an escape} "set \\xc3(|"
	keys "\x15set u \xff"
	line_is {a byte of no character is one} "set u \\xff|"
	answers {and is accepted} "" {STORED}
	is {as that byte} "\xff" [stored u]
}

session {a line longer than the screen is wide} {
	set value [string repeat 0123456789 20]
	start -columns 60
	keys "set long $value"
	must {the whole line} {[string first [string range $value end-30 end] \
		[screen::row $screen::y]] >= 0}
	keys "\x01"
	must {the first row} {$screen::x == [string length $prompt]}
	keys "\x0b\x19x"
	must {the end of the line} {[string match *9x [screen::row $screen::y]]}
	keys "\x7f"
	answers {it is run whole} "" {STORED}
	is {and stored whole} $value [stored long]
}

session {vi mode} {
	set file [open $work/editrc w]
	puts $file "bind -v"
	close $file
	start -env [list EDITRC $work/editrc]
	keys "get vi"
	line_is {inserting} "get vi|"
	keys "\x1b"
	line_is {Escape goes to the command mode} "get v|i"
	keys "0"
	line_is {0} "|get vi"
	keys "x"
	line_is {x} "|et vi"
	keys "is"
	line_is {i} "s|et vi"
	keys $end
	line_is {End} "set vi|"
	keys " mode"
	answers {the line is run} "" {STORED}
	keys "\x1bk"
	line_is {k is the line before} "set vi mod|e"
	keys "ccget vi"
	line_is {cc} "get vi|"
	answers {and it is run} "" {{"mode"  (4 bytes)}}
}

done_testing
