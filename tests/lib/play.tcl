# Plays a step of an example: expect play.tcl FOLDER, as transcript.py made it, runs the file
# `command` by sh on a terminal, types the lines of `typed`, each where a prompt stands, and prints
# what the screen shows in the end. `want` is what the document shows: where it has a cas number
# that a reply gave, what the reply gives now is typed and shown in its place.
#
# Nothing scrolls away or is paged: the screen is high enough.

source [file join [file dirname [info script]] screen.tcl]

log_user 0
match_max 100000
set rows 500
set columns 80
set patience 30
set prompts [list "sandbox> " "'...> " "\"...> " "...> " "Type yes to go on: "]
set failure ""
set asked -1
set ended 0

proc contents {name} {
	set file [open [file join [lindex $::argv 0] $name] rb]
	set bytes [read $file]
	close $file
	return $bytes
}

# The cas numbers that pretty replies show.
proc cas_numbers {text} {
	set numbers {}
	foreach {all number} [regexp -all -inline -line {^.*\(.*\mcas (\d+)[,)].*$} $text] {
		lappend numbers $number
	}
	return $numbers
}

# TEXT, whose lines give cas numbers of FROM, with those of TO in their place.
proc with_numbers {text from to} {
	foreach old $from new $to {
		if {$old ne "" && $new ne ""} {
			set text [regsub -all -line "\\mcas (\\S+ \\S+) $old\$" $text "cas \\1 $new"]
		}
	}
	return $text
}

proc shown {to} {
	set text [string trimright [join [screen::lines 0 $to] "\n"] "\n"]
	if {$text ne ""} {
		append text "\n"
	}
	return $text
}

# Waits until a prompt stands before the cursor, in a row where nothing was typed yet, or until the
# program has ended, when it is false.
proc prompted {prompts} {
	global asked ended spawn_id
	set until [expr {[clock seconds] + $::patience}]
	while {!$ended} {
		if {[screen::before_cursor] in $prompts && $screen::y > $asked} {
			return 1
		}
		set timeout [expr {max(0, $until - [clock seconds])}]
		expect {
			-re {^.+} { screen::feed $expect_out(buffer) }
			timeout { error "it neither ended nor asked" }
			eof {
				if {[info exists expect_out(buffer)]} {
					screen::feed $expect_out(buffer)
				}
				set ended 1
			}
		}
	}
	return 0
}

proc type {text} {
	set ::asked $screen::y
	send -- $text
}

set typed [split [string trimright [contents typed] "\n"] "\n"]
set documented [cas_numbers [contents want]]
set env(TERM) xterm
set stty_init "sane rows $rows columns $columns"
set program [spawn -noecho sh -c [contents command]]
fconfigure $spawn_id -encoding binary -translation binary
screen::open $rows $columns
set last ""
if {[catch {
	# A prompt that is not the one due is answered all the same: the comparison will tell.
	foreach line $typed {
		if {![prompted $prompts]} {
			break
		}
		type "[with_numbers $line $documented [cas_numbers [shown [screen::last]]]]\r"
	}
	if {[prompted [expr {[llength $typed] ? $prompts : {}}]]} {
		set last [expr {$screen::y - 1}]
		type "\x04"
		prompted {}
	}
} why]} {
	set failure "\[$why\]\n"
}
set text [shown [expr {$last eq "" ? [screen::last] : $last}]]
fconfigure stdout -translation binary
puts -nonewline "[with_numbers $text [cas_numbers $text] $documented]$failure"
if {!$ended} {
	catch {exec kill -HUP $program}
	close
}
wait
