# The screen of a terminal, as far as a line editor needs one: bytes in, rows of characters out.
#
# It stands for an xterm that reads UTF-8. Rows are numbered from 0, the first that was ever
# written, and are kept when they scroll off, so that the number of a row stays what it was. What it
# does not know is an error, so that no test passes on a screen that was not understood.
#
#	screen::open ROWS COLUMNS    an empty screen
#	screen::feed BYTES           what a program writes to it
#	screen::resize ROWS COLUMNS  another size: rows that were broken at the old width are joined, and
#	                             broken at the new one, as terminals do
#	screen::row N                the text of a row, without the blanks at its end
#	screen::lines FROM TO        the rows FROM to TO; those that the screen broke are one again
#	screen::before_cursor        what stands before the cursor in its row
#	screen::y, screen::x         row and column of the cursor
#	screen::last                 the number of the last row
#
# Characters are the bytes of their UTF-8, since this language counts some of them twice.

namespace eval screen {
	variable rows 24 columns 80
	variable cells {}
	variable top 0 y 0 x 0
	variable wraps 0
	variable broken {}
	variable rest ""
	variable aside ""
}

proc screen::open {new_rows new_columns} {
	variable rows $new_rows
	variable columns $new_columns
	variable cells {}
	variable top 0
	variable y 0
	variable x 0
	variable wraps 0
	variable broken {}
	variable rest ""
	variable aside ""
	fill
}

# Makes the rows that are on the screen.
proc screen::fill {} {
	variable cells
	variable rows
	variable columns
	variable top
	while {[llength $cells] < $top + $rows} {
		lappend cells [lrepeat $columns " "]
	}
}

proc screen::last {} {
	variable cells
	set n [expr {[llength $cells] - 1}]
	while {$n > 0 && [row $n] eq ""} {
		incr n -1
	}
	return $n
}

proc screen::row {n} {
	variable cells
	return [string trimright [join [lindex $cells $n] ""] " "]
}

proc screen::before_cursor {} {
	variable cells
	variable x
	variable y
	return [join [lrange [lindex $cells $y] 0 $x-1] ""]
}

proc screen::lines {from to} {
	variable cells
	variable broken
	set lines {}
	set line ""
	for {set i $from} {$i <= $to} {incr i} {
		append line [join [lindex $cells $i] ""]
		if {![dict exists $broken $i]} {
			lappend lines [string trimright $line " "]
			set line ""
		}
	}
	if {$line ne ""} {
		lappend lines $line
	}
	return $lines
}

proc screen::resize {new_rows new_columns} {
	variable cells
	variable rows $new_rows
	variable columns
	variable broken
	variable top
	variable wraps 0
	variable x
	variable y
	variable aside
	if {$aside ne ""} {
		set columns $new_columns
		set cells [lrange $cells 0 $top-1]
		fit
		return
	}
	set last [expr {max([last], $y)}]
	set old_cells $cells
	set old_broken $broken
	set cells {}
	set broken {}
	set line {}
	set cursor -1
	for {set i 0} {$i <= $last} {incr i} {
		if {$i == $y} {
			set cursor [expr {[llength $line] + $x}]
		}
		lappend line {*}[lindex $old_cells $i]
		if {[dict exists $old_broken $i]} {
			continue
		}
		set end [llength $line]
		while {$end > 0 && $end > $cursor && [lindex $line $end-1] eq " "} {
			incr end -1
		}
		set first [llength $cells]
		for {set from 0} {$from == 0 || $from < $end || $from <= $cursor} {incr from $new_columns} {
			if {$from > 0} {
				dict set broken [expr {[llength $cells] - 1}] 1
			}
			set part [lrange $line $from [expr {min($end, $from + $new_columns) - 1}]]
			lappend cells [concat $part [lrepeat [expr {$new_columns - [llength $part]}] " "]]
		}
		if {$cursor >= 0} {
			set y [expr {$first + $cursor / $new_columns}]
			set x [expr {$cursor % $new_columns}]
			set cursor -1
		}
		set line {}
	}
	set columns $new_columns
	set top [expr {max(0, [llength $cells] - $rows)}]
	fill
}

proc screen::newline {} {
	variable y
	variable top
	variable rows
	if {[incr y] >= $top + $rows} {
		incr top
		fill
	}
}

# Columns that a character takes, by the first byte of its UTF-8: blocks of wide characters are told
# coarsely, which is enough for those that tests use.
proc screen::width {character} {
	binary scan $character cu* bytes
	set code [lindex $bytes 0]
	switch [llength $bytes] {
		1 { return 1 }
		2 { set code [expr {$code & 0x1f}] }
		3 { set code [expr {$code & 0x0f}] }
		4 { set code [expr {$code & 0x07}] }
	}
	foreach byte [lrange $bytes 1 end] {
		set code [expr {$code << 6 | ($byte & 0x3f)}]
	}
	if {$code >= 0x300 && $code < 0x370 || $code == 0x200d || $code >= 0xfe00 && $code < 0xfe10} {
		return 0
	}
	return [expr {$code >= 0x1100 && $code < 0x1160 || $code >= 0x2e80 && $code < 0xd7a4 ||
		$code >= 0xff00 && $code < 0xff61 || $code >= 0x1f300 && $code < 0x20000 ? 2 : 1}]
}

proc screen::put {character} {
	variable cells
	variable columns
	variable wraps
	variable broken
	variable x
	variable y
	set width [width $character]
	if {$width == 0} {
		lset cells $y [expr {$x - 1}] [lindex $cells $y $x-1]$character
		return
	}
	if {$wraps || $x + $width > $columns} {
		dict set broken $y 1
		set x 0
		set wraps 0
		newline
	}
	lset cells $y $x $character
	if {$width == 2} {
		lset cells $y [expr {$x + 1}] ""
	}
	incr x $width
	if {$x >= $columns} {
		set x [expr {$columns - 1}]
		set wraps 1
	}
}

proc screen::blank {row from to} {
	variable cells
	variable columns
	variable broken
	if {$to >= $columns} {
		dict unset broken $row
	}
	if {$from == 0 && $to == $columns} {
		lset cells $row [lrepeat $columns " "]
		return
	}
	for {set i $from} {$i < $to} {incr i} {
		lset cells $row $i " "
	}
}

# The alternate screen: what was there before is set aside, and comes back at its end.
proc screen::alternate {on} {
	variable cells
	variable top
	variable x
	variable y
	variable wraps 0
	variable broken
	variable aside
	if {$on} {
		set aside [list $cells $top $x $y $broken]
		set top [llength $cells]
		set x 0
		set y $top
		fill
	} elseif {$aside ne ""} {
		lassign $aside cells top x y broken
		set aside ""
		fit
	}
}

# Every row has as many columns as the screen, and the screen its rows.
proc screen::fit {} {
	variable cells
	variable columns
	for {set i 0} {$i < [llength $cells]} {incr i} {
		set row [concat [lindex $cells $i] [lrepeat $columns " "]]
		lset cells $i [lrange $row 0 $columns-1]
	}
	fill
}

proc screen::control {parameters final} {
	variable cells
	variable rows
	variable columns
	variable wraps
	variable top
	variable x
	variable y
	if {$parameters eq "?1049" && $final in {h l}} {
		alternate [expr {$final eq "h"}]
		return
	}
	if {$final in {m h l n c q t r}} {
		return
	}
	set wraps 0
	lassign [split $parameters ";"] first second
	set n [expr {$first eq "" || $first eq "0" ? 1 : $first}]
	switch $final {
		A { set y [expr {max($top, $y - $n)}] }
		B { set y [expr {min($top + $rows - 1, $y + $n)}] }
		C { set x [expr {min($columns - 1, $x + $n)}] }
		D { set x [expr {max(0, $x - $n)}] }
		G { set x [expr {min($columns, $n) - 1}] }
		d { set y [expr {$top + min($rows, $n) - 1}] }
		H {
			set y [expr {$top + min($rows, $n) - 1}]
			set x [expr {$second eq "" ? 0 : min($columns, $second) - 1}]
		}
		J {
			switch $first {
				"" - 0 {
					blank $y $x $columns
					for {set i [expr {$y + 1}]} {$i < $top + $rows} {incr i} {
						blank $i 0 $columns
					}
				}
				2 {
					for {set i $top} {$i < $top + $rows} {incr i} {
						blank $i 0 $columns
					}
				}
				3 { }
				default { error "the screen does not know CSI $parameters $final" }
			}
		}
		K {
			switch $first {
				"" - 0 { blank $y $x $columns }
				1 { blank $y 0 [expr {$x + 1}] }
				2 { blank $y 0 $columns }
			}
		}
		P {
			set row [lreplace [lindex $cells $y] $x [expr {$x + $n - 1}]]
			lset cells $y [lrange [concat $row [lrepeat $n " "]] 0 $columns-1]
		}
		@ {
			set row [linsert [lindex $cells $y] $x {*}[lrepeat $n " "]]
			lset cells $y [lrange $row 0 $columns-1]
		}
		X { blank $y $x [expr {min($columns, $x + $n)}] }
		default { error "the screen does not know CSI $parameters $final" }
	}
}

proc screen::feed {bytes} {
	variable rest
	variable wraps
	variable columns
	variable x
	set bytes $rest$bytes
	set rest ""
	while {$bytes ne ""} {
		if {[regexp {^[ -~]+} $bytes text]} {
			foreach character [split $text ""] {
				put $character
			}
		} elseif {[regexp {^(?:[\xc0-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf7][\x80-\xbf]{3})} \
				$bytes text]} {
			put $text
		} elseif {[regexp {^\x1b\[([0-9;?>]*)([@-~])} $bytes text parameters final]} {
			control $parameters $final
		} elseif {[regexp {^\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)} $bytes text] ||
			[regexp {^\x1b[()].} $bytes text] || [regexp {^\x1b[=>78]} $bytes text]} {
			# A title, a character set, the keypad: nothing to see.
		} elseif {[regexp {^[\x00-\x1a\x1c-\x1f]} $bytes text]} {
			if {$text eq "\n"} {
				newline
			} elseif {$text eq "\r"} {
				set x 0
			} elseif {$text eq "\b"} {
				set x [expr {max(0, $x - 1)}]
			} elseif {$text eq "\t"} {
				set x [expr {min($columns - 1, $x / 8 * 8 + 8)}]
			}
			set wraps 0
		} elseif {[string length $bytes] < 60} {
			set rest $bytes
			return
		} else {
			error "the screen does not know what begins [string range $bytes 0 20]"
		}
		set bytes [string range $bytes [string length $text] end]
	}
}
