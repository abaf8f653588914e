#!/usr/bin/env expect
# The terminal gets another size while a line is typed. The screen is tmux's here, since it wraps
# its rows to a new width as terminals do.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

proc tmux {args} {
	exec tmux -L mcsh -f /dev/null {*}$args
}

# The rows of the screen and those above it, without the empty ones at its end.
proc rows {} {
	return [split [string trimright [tmux capture-pane -p -S -] "\n"] "\n"]
}

# How often the screen below the cursor was cleared, which mcsh does to draw anew.
proc redraws {} {
	global work
	set file [open $work/pane rb]
	set text [read $file]
	close $file
	return [regexp -all {\x1b\[J} $text]
}

# Gives the terminal another size, and waits until mcsh has seen it: the screen is wrapped at once,
# the program knows of it later, and what it draws in between is for a screen that is gone.
proc resize {columns rows} {
	set before [redraws]
	tmux resize-window -x $columns -y $rows
	set tty [tmux display-message -p "#{pane_tty}"]
	if {![eventually {[exec stty size <$tty] eq "$rows $columns"}] ||
	    ![eventually {[redraws] > $before}]} {
		error "the size was not seen"
	}
}

proc shows {what expected} {
	global got
	if {![ok $what [eventually {[set got [rows]] eq $expected}]]} {
		comment "expected:"
		comment [join $expected "\n"]
		comment "got:"
		comment [join $got "\n"]
	}
}

proc must_show {text} {
	if {![eventually {[string first $text [join [rows] ""]] >= 0}]} {
		comment [join [rows] "\n"]
		error "waited for $text"
	}
}

# Lines as a terminal of so many columns shows them.
proc wrapped {lines columns} {
	set rows {}
	foreach line $lines {
		while {$line ne ""} {
			lappend rows [string range $line 0 $columns-1]
			set line [string range $line $columns end]
		}
	}
	return $rows
}

# The width of the rows between the last .set and what .echo printed behind it.
proc widest_row_of_table {} {
	set rows [rows]
	set from [lindex [lsearch -all $rows "*> .set"] end]
	set to [lindex [lsearch -all $rows "*> .echo done"] end]
	if {$from eq "" || $to eq "" || $to < $from} {
		return unknown
	}
	set widest 0
	foreach row [lrange $rows $from+1 $to-1] {
		set widest [expr {max($widest, [string length $row])}]
	}
	return $widest
}

exit -onexit {
	catch {tmux kill-server}
	clean
}
set env(TMUX_TMPDIR) $work
unset -nocomplain env(TMUX)

session {a line over several rows} {
	tmux new-session -d -x 60 -y 20 "exec '$env(MCSH)' --no-rc --timing=off $socket"
	must_show "$socket>"
	tmux pipe-pane "cat >>$work/pane"
	if {![eventually {[file exists $work/pane]}]} {
		error "no copy of what mcsh writes"
	}
	set value [string repeat 0123456789 12]
	set line "$socket> set long $value"
	tmux send-keys -l "set long $value"
	must_show $line
	set greeting [lrange [rows] 0 1]
	shows {as typed} [wrapped [concat $greeting [list $line]] 60]
	resize 90 20
	tmux send-keys -l "a"
	append line a
	shows {wider} [wrapped [concat $greeting [list $line]] 90]
	resize 45 20
	tmux send-keys -l "b"
	append line b
	shows {narrower} [wrapped [concat $greeting [list $line]] 45]
	resize 45 12
	tmux send-keys -l "c"
	append line c
	shows {less high} [wrapped [concat $greeting [list $line]] 45]
	resize 80 24
	tmux send-keys Enter
	must_show STORED
	is {the line is run as it was typed} "${value}abc" [stored long]

	tmux send-keys ".set pager off" Enter
	must_show "pager is off"
	foreach columns {50 70} {
		resize $columns 30
		tmux send-keys ".echo of $columns" Enter ".set" Enter ".echo done" Enter
		must_show ".set"
		if {![ok "a table of $columns columns" [eventually {[widest_row_of_table] eq $columns}]]} {
			comment [join [rows] "\n"]
		}
	}
	tmux send-keys C-d
	ok {and the session ends} [eventually {[catch {tmux has-session}]}]
}

done_testing
