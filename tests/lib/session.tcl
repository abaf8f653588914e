# Sourced by the tests of the prompt, which are programs for expect: a session with mcsh on a
# terminal of its own, what is on its screen, and checks of that as TAP.
#
# Nothing here waits for a time: each step waits for what it wants to see, ten seconds at the most,
# and a step that waits in vain shows the screen and ends its session.
#
#	session NAME BODY        runs BODY, whose checks are named "NAME: ..."; whatever stops it early
#	                         is a failure.
#	                         At its end mcsh is left by Ctrl-D, and must not die of anything else
#	start [-env {N V...}] [-rows N] [-columns N] [-expect PROMPT] [--] ARG...
#	                         mcsh with ARGs, and $socket unless they follow a --, at a prompt;
#	                         without timing, so that answers can be compared
#	start_program ... -- COMMAND...   the same of another program, without a prompt to wait for
#	keys BYTES               types
#	line_is NAME TEXT        waits until the line being typed is TEXT, with a | at the cursor;
#	                         the hint at its right is left aside
#	screen_has NAME TEXT     waits until TEXT stands in a row, among those since the last `mark`
#	row_is NAME TEXT         the same of a whole row
#	answer COMMAND [PROMPT]  types COMMAND and Enter, waits for the prompt, and returns the rows
#	                         between
#	answers NAME COMMAND ROWS
#	prompt_comes [PROMPT]    waits for an empty prompt, below the one that was waited for last
#	prompt_comes_after_interrupt   the same, with or without a connection
#	resize COLUMNS ROWS      gives the terminal another size, and waits until mcsh has drawn again
#	ends_with NAME STATUS    waits until mcsh is gone, and compares its exit status
#	wait_until CONDITION     false when it did not come true in time, with mcsh's output read
#	eventually CONDITION     the same without
#	must WHAT CONDITION      wait_until, and the session ends when it was in vain
#	must_wait_for_server     the same, until mcsh waits for an answer
#	reached NAME             names what the waits before it were for
#	is NAME EXPECTED ACTUAL, ok NAME CONDITION
#	start_server             a memcached on $socket; its process is $server
#	freeze PID, thaw PID, stop_server PID
#	plain ARG...             what a second mcsh prints, on $socket, to a program
#	stored KEY               the bytes of a value, as another mcsh reads them; or (none)
#
# Bytes are bytes here: a string of the program is written as UTF-8 by `utf8`.

source [file join [file dirname [info script]] tap.tcl]
source [file join [file dirname [info script]] screen.tcl]

log_user 0
match_max 100000

set program ""
set raw ""
set mark 0

set env(TERM) xterm-256color
set env(LC_ALL) C.UTF-8
unset -nocomplain env(EDITRC)
set env(PAGER) cat
set env(HOME) $work
set env(XDG_CONFIG_HOME) $work/config
set env(XDG_STATE_HOME) $work/state
set env(MCSH_HISTFILE) $work/history
set env(TMPDIR) $work
unset -nocomplain env(NO_COLOR) env(MEMCACHED_SERVERS) env(LESS) env(LINES) env(COLUMNS)

proc utf8 {text} {
	return [encoding convertto utf-8 $text]
}

# --- the terminal

proc show_screen {} {
	global raw
	comment "the screen, cursor at row $screen::y, column $screen::x:"
	for {set i [expr {max(0, [screen::last] - 30)}]} {$i <= [screen::last]} {incr i} {
		comment "  $i |[encoding convertfrom utf-8 [screen::row $i]]"
	}
	comment "the last bytes:"
	comment [visible [string range $raw end-600 end]]
}

proc start_program {args} {
	global env program spawn_id spawn_out terminal stty_init raw mark floor
	leave
	array set option {-rows 24 -columns 80 -env {}}
	while {[lindex $args 0] ne "--"} {
		set args [lassign $args name value]
		set option($name) $value
	}
	set stty_init "sane rows $option(-rows) columns $option(-columns)"
	set saved [array get env]
	array set env $option(-env)
	set failed [catch {set program [spawn -noecho {*}[lrange $args 1 end]]} why]
	array unset env *
	array set env $saved
	if {$failed} {
		error $why
	}
	set terminal $spawn_id
	fconfigure $spawn_id -encoding binary -translation binary
	screen::open $option(-rows) $option(-columns)
	set raw ""
	set mark 0
	set floor 0
}

proc start {args} {
	global env prompt socket
	set options {}
	set prompt "$socket> "
	while {[lindex $args 0] in {-env -rows -columns -expect}} {
		set args [lassign $args name value]
		if {$name eq "-expect"} {
			set prompt $value
		} else {
			lappend options $name $value
		}
	}
	if {[lindex $args 0] eq "--"} {
		set args [lrange $args 1 end]
	} else {
		lappend args $socket
	}
	if {[lsearch -glob $args --timing*] < 0} {
		set args [linsert $args 0 --timing=off]
	}
	start_program {*}$options -- $env(MCSH) --timeout=1h --connect-timeout=1h {*}$args
	prompt_comes
}

proc keys {bytes} {
	send -- $bytes
}

proc wait_until {condition} {
	global spawn_id timer raw program
	set until [expr {[clock milliseconds] + $timer * 1000}]
	while {![uplevel 1 [list expr $condition]]} {
		set timeout [expr {($until - [clock milliseconds] + 999) / 1000}]
		if {$timeout <= 0 || ![info exists spawn_id]} {
			return 0
		}
		expect {
			-re {^.+} {
				append raw $expect_out(buffer)
				screen::feed $expect_out(buffer)
			}
			timeout { return 0 }
			eof {
				if {[info exists expect_out(buffer)]} {
					append raw $expect_out(buffer)
				}
				unset spawn_id
				return [uplevel 1 [list expr $condition]]
			}
		}
	}
	return 1
}

# Whether the terminal turns Ctrl-C into a signal: while a line is edited it does not.
proc terminal_signals {} {
	global spawn_out
	return [regexp {\sisig} [exec stty -a -F $spawn_out(slave,name)]]
}

# Waits until mcsh has left the editor and sleeps: it waits for a server's answer.
proc must_wait_for_server {} {
	global program
	if {![eventually {[terminal_signals] && [process_state $program] eq "S"}]} {
		error "mcsh does not wait for the server"
	}
}

# A wait that a session cannot go on without.
proc must {what condition} {
	if {![uplevel 1 [list wait_until $condition]]} {
		error "waited for $what"
	}
}

# Rows from now on are those that screen_has looks at.
proc mark {} {
	set ::mark $screen::y
}

proc at_prompt {text from} {
	return [expr {$screen::y >= $from && [screen::row $screen::y] eq [string trimright $text] &&
		$screen::x == [string length $text]}]
}

proc prompt_comes {{text ""}} {
	global prompt mark floor
	if {$text eq ""} {
		set text $prompt
	}
	must "the prompt $text" {[at_prompt $text $floor]}
	mark
	set floor [expr {$mark + 1}]
}

# Where Ctrl-C meets a command it may or may not find an exchange under way, and closes the connection
# only then.
proc prompt_comes_after_interrupt {} {
	global prompt socket floor
	must "a prompt" {[at_prompt $prompt $floor] || [at_prompt "$socket (not connected)> " $floor]}
	prompt_comes [expr {$screen::x == [string length $prompt] ? $prompt
		: "$socket (not connected)> "}]
}

proc answer {command {text ""}} {
	set from $screen::y
	keys "$command\r"
	prompt_comes $text
	set rows {}
	for {set i [expr {$from + 1}]} {$i < $screen::y} {incr i} {
		lappend rows [screen::row $i]
	}
	return $rows
}

proc answers {name command rows {text ""}} {
	set got [answer $command $text]
	if {![ok $name [expr {$got eq [list {*}$rows]}]]} {
		comment "expected:"
		comment [join $rows "\n"]
		show_screen
	}
}

# The line being typed: what stands after the prompt, and not so far to the right that it is a hint.
proc typed_line {} {
	global prompt
	set row [screen::row $screen::y]
	set end [lindex $screen::cells $screen::y $screen::columns-2]
	if {$end ne " "} {
		set row [regsub {\s{2,}\S.*$} $row ""]
	}
	if {![string match "[string map {\\ \\\\ [ \\[ ? \\? * \\*} $prompt]*" "$row "]} {
		return "(no prompt) $row"
	}
	set row [string range $row [string length $prompt] end]
	# The cursor counts columns, and a row bytes.
	set left [join [lrange [lindex $screen::cells $screen::y] [string length $prompt] \
		$screen::x-1] ""]
	return $left|[string range $row [string length $left] end]
}

proc line_is {name text} {
	if {![ok $name [wait_until {[typed_line] eq $text}]]} {
		comment "expected [visible $text]"
		comment "got      [visible [typed_line]]"
		show_screen
		error "the line is not as expected"
	}
}

proc rows_from {first} {
	set rows {}
	for {set i $first} {$i <= [screen::last]} {incr i} {
		lappend rows [screen::row $i]
	}
	return $rows
}

proc rows_since_mark {} {
	return [rows_from $::mark]
}

proc screen_has {name text} {
	if {![ok $name [wait_until {[string first $text [join [rows_since_mark] "\n"]] >= 0}]]} {
		comment "expected to see $text"
		show_screen
		error "not on the screen"
	}
}

proc row_is {name text} {
	if {![ok $name [wait_until {$text in [rows_since_mark]}]]} {
		comment "expected the row $text"
		show_screen
		error "not on the screen"
	}
}

# How often the screen was cleared from the cursor on, which mcsh does to draw its line.
proc drawings {} {
	return [regexp -all {\x1b\[J} $::raw]
}

# The screen has the new size at once, mcsh knows of it by a signal.
proc resize {columns rows} {
	global spawn_out
	set before [drawings]
	screen::resize $rows $columns
	exec perl -e {
		open(my $tty, "+<", $ARGV[0]) or die "$ARGV[0]: $!\n";
		ioctl($tty, 0x5414, pack("S4", @ARGV[1, 2], 0, 0)) or die "$!\n";
	} $spawn_out(slave,name) $rows $columns
	must "the line drawn at its new width" {[drawings] > $before}
	mark
	set ::floor [expr {$screen::y + 1}]
}

proc exit_status {} {
	global program spawn_id terminal
	must "the end of the program" {![info exists spawn_id]}
	if {![process_gets $program {Z gone}]} {
		error "the terminal is closed, the program is not gone"
	}
	lassign [wait -i $terminal] pid id failed status how signal
	set program ""
	return [expr {$how eq "CHILDKILLED" ? $signal : $status}]
}

proc ends_with {name status} {
	is $name $status [exit_status]
}

proc forget_program {} {
	global program spawn_id terminal
	if {$program ne ""} {
		catch {exec kill -KILL $program}
		if {[info exists spawn_id]} {
			catch {close}
			unset -nocomplain spawn_id
		}
		catch {wait -i $terminal}
		set program ""
	}
}

# The usual way out, where a sanitizer has its say.
proc leave {} {
	global program spawn_id raw
	if {$program eq ""} {
		return
	}
	if {[info exists spawn_id]} {
		keys "\x03\x04"
	}
	set status [exit_status]
	if {$status ni {0 1 2 3 4 5}} {
		error "mcsh ended with $status"
	}
}

proc session {name body} {
	global timer errorInfo subject
	set subject $name
	if {[catch {uplevel #0 $body; leave} why]} {
		ok "to its end" 0
		comment $why
		comment $errorInfo
		show_screen
	}
	set subject ""
	forget_program
	foreach pid $::servers {
		thaw $pid
	}
}

exit -onexit {
	forget_program
	clean
}
