#!/usr/bin/env expect
# The prompt tells the truth about the connection.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {a server that goes and comes back} {
	start
	answer "set foo bar"
	stop_server $server
	keys "\r"
	prompt_comes "$socket (not connected)> "
	reached {the next prompt says that it went}
	keys "get foo\r"
	prompt_comes "$socket (not connected)> "
	ok {a command says why} \
		[expr {[string first "mcsh: cannot connect" [join [rows_from 0] ""]] >= 0}]
	start_server
	answers {the next command connects} "get foo" {{(miss)  (foo is not in the cache)}}
	answers {and all is well} "set foo again" {STORED}
}

session {a server that is replaced while the prompt waits} {
	start
	answer "get foo"
	stop_server $server
	start_server
	answers {the command that finds the old connection closed is run on a new one} \
		"set foo bar" {STORED}
}

session {no server} {
	stop_server $server
	file delete $socket
	start_program -- $env(MCSH) $socket
	prompt_comes "$socket (not connected)> "
	set text [join [rows_from 0] ""]
	ok {the greeting says so} [expr {[string first "mcsh: cannot connect" $text] >= 0}]
	ok {and names the sandbox} [expr {[string first "--sandbox" $text] >= 0}]
	set prompt "$socket (not connected)> "
	set text [join [answer "get foo"] ""]
	ok {a command says it again} [expr {[string first "mcsh: cannot connect" $text] >= 0}]
	keys "\x04"
	ends_with {the exit status tells} 4
}

session {a .connect to a server that is not there} {
	start_program -- $env(MCSH) --sandbox --timing=off
	set prompt "sandbox> "
	prompt_comes
	answer "set foo bar"
	set text [join [answer ".connect $work/nobody"] ""]
	ok {says why} [expr {[string first "mcsh: cannot connect to $work/nobody" $text] >= 0}]
	ok {and what is kept} [expr {[string first "mcsh: the sandbox is kept" $text] >= 0}]
	answers {the good one is still there} "get foo" {{"bar"  (3 bytes)}}
	set text [join [answer ".connect $work/nobody $work/noone"] ""]
	ok {the same of several} [expr {[string first "mcsh: the sandbox is kept" $text] >= 0}]
	answers {of which one was lost} "get foo" {{"bar"  (3 bytes)}}
	leave
}

session {connections that are closed} {
	start_server
	start
	keys ".disconnect\r"
	prompt_comes "$socket (not connected)> "
	reached {the prompt says so}
	set row $screen::y
	keys "get foo\r"
	prompt_comes "$socket> "
	reached {until a command has connected}
	is {whose own line says what was true then} "$socket (not connected)> get foo" \
		[screen::row $row]
}

session {a sandbox from any prompt} {
	start
	answer "set foo here"
	set prompt "sandbox> "
	keys ".sandbox\r"
	screen_has {it says what it is} "gone when you leave."
	prompt_comes
	answers {it is another server} "get foo" {{(miss)  (foo is not in the cache)}}
	answer "set foo there"
	keys ".connect $socket\r"
	prompt_comes "$socket> "
	keys "get foo\r"
	row_is {the server before is left as it was} "\"here\"  (4 bytes)"
	prompt_comes "$socket> "
	keys ".connect sandbox\r"
	prompt_comes
	answers {and the sandbox too} "get foo" {{"there"  (5 bytes)}}
	leave
}

done_testing
