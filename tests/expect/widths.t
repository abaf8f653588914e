#!/usr/bin/env expect
# What is shown fits the window: nothing is torn by the end of a line, and nothing is cut off.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

# The lines that a command prints and that are wider than the window.
proc torn {command width} {
	global raw
	set from [string length $raw]
	answer $command
	set text [encoding convertfrom utf-8 [string range $raw $from end]]
	regsub -all {\x1b\[[?0-9;]*[a-zA-Z]} $text {} text
	set wide {}
	# The first is what was typed, the last the prompt.
	foreach line [lrange [split [string map {"\r\n" "\n"} $text] "\n"] 1 end-1] {
		if {[string length $line] > $width} {
			lappend wide $line
		}
	}
	return $wide
}

session {a window of 40 columns} {
	plain -c "set --flags 16 flagged abcdefghijklmnopqrstuvwxyz" -c "set foo bar"
	start -columns 40
	answers {a setting has its meaning below it} ".set dead_retry" {
		{dead_retry        30s}
		{    Of several servers, one that is down}
		{    is passed over for this long. It}
		{    takes 1ms to 24h, or off.}
	}
	answers {notes go on where a word begins} "get nosuch" {
		{(miss)  (nosuch is not in the cache)}
	}
	answers {so does what a profile went by} "get flagged" {
		{"abcdefghijklmnopqrstuvwxyz"}
		{(text, 26 bytes, flags 16)}
		{flags 16 and valid UTF-8: text as}
		{python-memcached writes it}
	}
	answers {a list has its remarks below a value} "get foo flagged" {
		{foo      "bar"  (3 bytes)}
		{flagged  "abcdefghijklmnopqrstuvwxyz"}
		{         (text, 26 bytes, flags 16)}
		{(2 of 2 keys found)}
	}
	is {one server is one sentence} "foo is on $socket, the only server" \
		[join [answer ".where foo"] " "]
	foreach command {.set .servers "stats items" "stats slabs" "stats conns" stats
		"stats settings" ".bench -n 200 get foo" ".repeat 20 get foo" ".profile --list"
		".help get"} {
		is "no row of $command is torn" {} [torn $command 40]
	}
	leave
}

session {a value that is cut} {
	plain -c "set long [string repeat x 4990]"
	start -columns 80
	set rows [answer "get long"]
	is {the mark has a line of its own} [list {  ... 894 more bytes} {(4,990 bytes)}] \
		[lrange $rows end-1 end]
	leave
}

session {several servers in a window of 80 columns} {
	start -columns 80 -expect "2 servers (1 not connected)> " -- $socket $work/nobody
	set prompt "2 servers (1 not connected)> "
	set rows [answer ".servers"]
	ok {units} [regexp {^     1  \S+ +up     \S+ +(\d+ min )?\d+ s +\d+  \d\d\.\d %$} [lindex $rows 1]]
	is {and the whole reason} "2: cannot connect to $work/nobody: No such file or directory: is memcached running there? mcsh --sandbox brings a private one" \
		[regsub -all { +} [join [lrange $rows 3 end] " "] " "]
	set rows [answer ".where foo"]
	ok {a line for each server with its clients} \
		[regexp {^foo   \S+ \S{1,3} [a-z].*, .*   \S+ \S{1,3} [a-z]} [join $rows " "]]
	ok {the whole list with --all} [expr {[llength [answer ".where --all foo"]] > 60}]
	leave
}

session {a locale without UTF-8} {
	plain -c {set accent "h\xc3\xa9 \xf0\x9f\x98\x80"}
	start -env {LC_ALL C}
	answers {shows none} "get accent" {{"h\xc3\xa9 \xf0\x9f\x98\x80"  (8 bytes)}}
	set text [join [answer ".format json"] ""]
	ok {and JSON has its own escapes} [expr {[string first {"h\u00e9 \ud83d\ude00"} \
		[join [answer "get accent"] ""]] >= 0}]
	ok {no byte beyond ASCII went out} [expr {![regexp {[\x80-\xff]} $raw]}]
	leave
}

done_testing
