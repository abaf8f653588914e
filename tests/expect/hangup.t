#!/usr/bin/env expect
# A sandbox is gone with its session, however that ends.
source [file join $env(top_srcdir) tests/expect/session.tcl]

# Starts a session on a sandbox: sets `pid` to that of its server.
proc start_sandbox {} {
	global pid work
	start -expect "sandbox> " -- --sandbox
	regexp {pid\s+(\d+)} [join [answer "stats | cat"]] all pid
	ok {a sandbox is there} [expr {[llength [glob -nocomplain $work/mcsh-*]] == 1}]
}

proc swept {name} {
	global pid work
	ok "$name: its server is gone" [process_gets $pid {Z gone}]
	ok "$name: so is its directory" [eventually {[glob -nocomplain $work/mcsh-*] eq ""}]
}

session {the terminal is closed} {
	start_sandbox
	close
	unset spawn_id
	ends_with {mcsh ends} SIGHUP
	swept {at a prompt}
	start_sandbox
	freeze $pid
	keys "get foo\r"
	must_wait_for_server
	close
	unset spawn_id
	ends_with {mcsh ends} SIGHUP
	swept {while a command runs}
}

session {mcsh is killed} {
	start_sandbox
	exec kill -KILL $program
	ends_with {mcsh ends} SIGKILL
	swept {by SIGKILL}
	start_sandbox
	exec kill -TERM $program
	ends_with {mcsh ends} SIGTERM
	swept {by SIGTERM}
}

session {mcsh is left} {
	start_sandbox
	keys "\x03"
	prompt_comes
	ok {Ctrl-C does not reach the server} [expr {[process_state $pid] ni {Z gone}}]
	keys "\x04"
	ends_with {Ctrl-D} 0
	swept {by Ctrl-D}
}

done_testing
