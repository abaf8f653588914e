#!/usr/bin/env expect
# mcsh --expect on a terminal: the same bytes as on a pipe, but for CR LF, and nothing typed in
# between.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

# What came since the last call, once it ends with TEXT.
proc comes {text} {
	global raw
	must [visible $text] {[string range $raw end-[expr {[string length $text] - 1}] end] eq $text}
	set got $raw
	set raw ""
	return $got
}

proc begin {args} {
	global env socket
	start_program -- $env(MCSH) --expect --timeout=1h {*}$args $socket
	comes "mcsh>\r\n"
}

# The reply to a line, with its prompt.
proc replies {name line text} {
	keys "$line\r"
	is $name $text [comes "mcsh>\r\n"]
}

set ok "= 0 ok\r\nmcsh>\r\n"
set stored "| STORED\r\n$ok"

session {a terminal is a pipe} {
	is {the greeting} "mcsh expect 1\r\nmcsh>\r\n" [begin]
	replies {no echo} {set foo bar} $stored
	replies {a value} {get foo} "| bar\r\n$ok"
	keys "get foo\n"
	is {LF ends a line as CR does} "| bar\r\n$ok" [comes $ok]
	replies {a miss} {get nope} "= 1 negative\r\nmcsh>\r\n"
	replies {an error comes before the status} {fet foo} \
		"mcsh: unknown command \"fet\": did you mean set? see .help, or send a line as it is with\
		.raw\r\n= 2 usage\r\nmcsh>\r\n"
	replies {nothing asks} {flush_all} "| OK\r\n$ok"
	replies {nothing is completed, hinted, or recalled} "set tab \"\\t\"\x1b\x08" \
		"| STORED\r\n$ok"
	is {what would edit a line is part of it} "\t\x1b\x08" [stored tab]
	keys "set two \"a\r"
	is {an open quote} "mcsh...>\r\n" [comes "mcsh...>\r\n"]
	replies {goes on} {b"} $stored
	is {across lines} "a\nb" [stored two]
	set long [string repeat "0123456789" 20000]
	replies {a line is as long as it is} "set long $long" $stored
	is {and none of it is lost} $long [stored long]
	replies {nor of what comes back} {get long} "| $long\r\n$ok"
	keys "\x04"
	ends_with {Ctrl-D ends the input} 2
}

session {.quit} {
	begin
	keys ".quit\r"
	ends_with {.quit leaves} 0
	is {with a status} "= 0 ok\r\n" $raw
}

# A server that is asked and never answers.
proc heard {channel host port} {
	fconfigure $channel -blocking 0 -translation crlf
	fileevent $channel readable [list apply {{channel} {
		if {[gets $channel line] >= 0} {
			set ::asked $line
		}
	}} $channel]
}

session {Ctrl-C} {
	set mute [socket -server heard -myaddr 127.0.0.1 0]
	begin 127.0.0.1:[lindex [fconfigure $mute -sockname] 2]
	keys ".on 1 get foo\r"
	set waiting [after 10000 {set asked "nothing, for ten seconds"}]
	vwait asked
	after cancel $waiting
	is {a command waits for its answer} "get foo" $asked
	keys "\x03"
	is {gives a command up} "mcsh: interrupted: its connection is closed, the next command opens a new\
		one\r\n= 4 lost\r\nmcsh>\r\n" [comes "mcsh>\r\n"]
	keys "\x03"
	replies {says nothing where none runs} {.echo on} "| on\r\n$ok"
	keys "set two \"a\r"
	comes "mcsh...>\r\n"
	keys "\x03"
	is {gives up what was begun} "mcsh: the command was given up: send it again, whole\r\n= 2\
		usage\r\nmcsh>\r\n" [comes "mcsh>\r\n"]
}

# The modes of the terminal, as one word.
proc modes {} {
	return [exec stty -g -F $::spawn_out(slave,name)]
}

session {the terminal is put back} {
	foreach {how script} {
		{by .quit} { keys ".quit\r" }
		{by SIGTERM} { exec kill -TERM $pid }
		{by SIGHUP} { exec kill -HUP $pid }
	} {
		start_program -- sh -c \
			"stty -g; sh -c 'echo \$\$; exec \"$env(MCSH)\" --expect $socket'; stty -g; cat"
		must {the prompt} {[regexp {^(\S+)\r\n(\d+)\r\n.*mcsh>\r\n$} $raw -> before pid]}
		ok "it is another while mcsh runs, $how" [expr {$before ne [modes]}]
		set raw ""
		eval $script
		must {the end} {[regexp {(\S+:\S+)\r\n$} $raw -> after]}
		is "and as it was when that ends $how" $before $after
		keys "\x04"
		exit_status
	}
}

done_testing
