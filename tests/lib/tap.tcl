# TAP and private servers for tests in Tcl: sourced by session.tcl, whose list of procedures
# says what is there.

foreach name {MCSH top_srcdir} {
	if {![info exists env($name)]} {
		puts "Bail out! $name is not set: run this by make check"
		exit 99
	}
}

encoding system utf-8
fconfigure stdout -encoding utf-8 -buffering line

set timer 10
set test_count 0
set test_failures 0
# What the names of checks begin with.
set subject ""
set servers {}
set socket ""
set work [exec mktemp -d /tmp/mcsh-t.XXXXXX]

# --- TAP

proc comment {text} {
	foreach line [split $text "\n"] {
		puts "# $line"
	}
}

proc visible {bytes} {
	set out ""
	foreach c [split $bytes ""] {
		scan $c %c code
		append out [switch $code {
			10 { string cat "\\n\n" }
			13 { string cat "\\r" }
			27 { string cat "\\e" }
			92 { string cat "\\\\" }
			default { expr {$code < 32 || $code > 126 ? [format {\x%02x} [expr {$code & 255}]] : $c} }
		}]
	}
	return $out
}

proc ok {name condition} {
	global test_count test_failures
	incr test_count
	if {$::subject ne ""} {
		set name "$::subject: $name"
	}
	if {$condition} {
		puts "ok $test_count - $name"
	} else {
		incr test_failures
		puts "not ok $test_count - $name"
	}
	return $condition
}

# Names what the waits before were for: had one been in vain, the session would have ended there.
proc reached {name} {
	ok $name 1
}

proc is {name expected actual} {
	if {![ok $name [expr {$expected eq $actual}]]} {
		comment "expected: [visible $expected]"
		comment "got:      [visible $actual]"
	}
}

proc done_testing {} {
	global test_count test_failures
	puts "1..$test_count"
	exit [expr {$test_failures > 0}]
}

# --- memcached

proc process_state {pid} {
	if {[catch {
		set file [open /proc/$pid/stat]
		set text [read $file]
		close $file
	}]} {
		return gone
	}
	set state [lindex [split [string range $text [string last ")" $text]+2 end]] 0]
	# A first thread that is gone waits for the others, and only the last closes the sockets.
	if {$state eq "Z" && [llength [glob -nocomplain /proc/$pid/task/*]] > 1} {
		return exiting
	}
	return $state
}

# Waits until a process is in one of the states.
proc process_gets {pid states} {
	set until [expr {[clock milliseconds] + $::timer * 1000}]
	while {[process_state $pid] ni $states} {
		if {[clock milliseconds] > $until} {
			return 0
		}
		after 5
	}
	return 1
}

# Starts memcached on $socket, and waits until it accepts.
proc start_server {args} {
	global socket server servers work
	set socket $work/s
	file delete $socket
	if {[exec id -u] == 0} {
		lappend args -u root
	}
	set server [exec memcached -U 0 -s $socket {*}$args </dev/null >$work/server.log 2>@1 &]
	lappend servers $server
	if {[catch {exec perl -MSocket -e {
		my ($pid, $where) = @ARGV;
		for (1 .. 1000) {
			socket S, PF_UNIX, SOCK_STREAM, 0;
			exit 0 if connect S, pack_sockaddr_un($where);
			last unless kill 0, $pid;
			select undef, undef, undef, 0.01;
		}
		exit 1;
	} $server $socket}]} {
		puts "Bail out! memcached did not start"
		exit 99
	}
}

proc freeze {pid} {
	exec kill -STOP $pid
	process_gets $pid T
}

proc thaw {pid} {
	exec kill -CONT $pid
}

proc stop_server {pid} {
	global servers
	set servers [lsearch -all -inline -not -exact $servers $pid]
	catch {exec kill -KILL $pid}
	process_gets $pid {Z gone}
}

proc plain {args} {
	global env socket
	catch {exec $env(MCSH) --timeout=60s $socket {*}$args 2>@1} text
	return $text
}

proc stored {key} {
	global env socket work
	if {[catch {exec $env(MCSH) --format=raw $socket -c "get $key" >$work/stored}]} {
		return "(none)"
	}
	set file [open $work/stored rb]
	set bytes [read $file]
	close $file
	return $bytes
}

# False when CONDITION did not come true in time.
proc eventually {condition} {
	set until [expr {[clock milliseconds] + $::timer * 1000}]
	while {![uplevel 1 [list expr $condition]]} {
		if {[clock milliseconds] > $until} {
			return 0
		}
		after 10
	}
	return 1
}

# Ends the servers and removes what was made.
proc clean {} {
	global servers work
	foreach pid $servers {
		stop_server $pid
	}
	file delete -force $work
}

exit -onexit clean
foreach signal {HUP INT TERM} {
	trap {exit 99} $signal
}
