/*
 * What each opcode of a pickle does, by its byte: the function that runs, its argument, and what it
 * makes. A table for outline_pickle.c, which includes it where all of its functions are known.
 */
#ifndef CODEC_SERIAL_PICKLE_OPS_H
#define CODEC_SERIAL_PICKLE_OPS_H

static const struct op ops[256] = {
    ['('] = {push_mark},
    ['0'] = {drop},
    ['1'] = {pop_to_mark},
    ['2'] = {duplicate},
    ['N'] = {word, .text = "None"},
    ['I'] = {integer_line, LINE},
    ['L'] = {number_line, LINE, .text = "L"},
    ['F'] = {number_line, LINE, .text = "F"},
    ['K'] = {integer, NUMBER, 1},
    ['M'] = {integer, NUMBER, 2},
    ['J'] = {integer, NUMBER, 4},
    ['G'] = {binary_double},
    ['S'] = {literal_line, LINE},
    ['V'] = {unicode_line, LINE},
    ['T'] = {string, COUNTED, 4, .text = ""},
    ['U'] = {string, COUNTED, 1, .text = ""},
    ['X'] = {string, COUNTED, 4, .text = ""},
    ['B'] = {string, COUNTED, 4, .text = "b"},
    ['C'] = {string, COUNTED, 1, .text = "b"},
    [']'] = {empty, .kind = LIST},
    ['}'] = {empty, .kind = DICT},
    [')'] = {empty, .kind = TUPLE},
    ['l'] = {collect, .kind = LIST},
    ['d'] = {collect, .kind = DICT},
    ['t'] = {collect, .kind = TUPLE},
    ['e'] = {fill},
    ['u'] = {fill},
    ['a'] = {fill, .n = 1},
    ['s'] = {fill, .n = 2},
    ['p'] = {put, LINE},
    ['q'] = {put, NUMBER, 1},
    ['r'] = {put, NUMBER, 4},
    ['g'] = {get, LINE},
    ['h'] = {get, NUMBER, 1},
    ['j'] = {get, NUMBER, 4},
    ['c'] = {global_lines, LINE},
    ['R'] = {call},
    ['b'] = {build},
    ['i'] = {instance},
    ['o'] = {instance, .n = 1},
    ['P'] = {word, LINE, .text = ELSEWHERE},
    ['Q'] = {kept_by_top, .text = ELSEWHERE},
    [0x80] = {protocol, NUMBER, 1},
    [0x81] = {call},                              /* NEWOBJ */
    [0x82] = {word, BYTES, 1, .text = ELSEWHERE}, /* EXT1 */
    [0x83] = {word, BYTES, 2, .text = ELSEWHERE},
    [0x84] = {word, BYTES, 4, .text = ELSEWHERE},
    [0x85] = {tuple, .n = 1}, /* TUPLE1 */
    [0x86] = {tuple, .n = 2},
    [0x87] = {tuple, .n = 3},
    [0x88] = {word, .text = "True"},
    [0x89] = {word, .text = "False"},
    [0x8a] = {long_integer, COUNTED, 1},
    [0x8b] = {long_integer, COUNTED, 4},
    [0x8c] = {string, COUNTED, 1, .text = ""}, /* SHORT_BINUNICODE */
    [0x8d] = {string, COUNTED, 8, .text = ""},
    [0x8e] = {string, COUNTED, 8, .text = "b"}, /* BINBYTES8 */
    [0x8f] = {empty, .kind = SET},
    [0x90] = {fill}, /* ADDITEMS */
    [0x91] = {collect, .kind = FROZENSET},
    [0x92] = {call_with_keywords}, /* NEWOBJ_EX */
    [0x93] = {stack_global},
    [0x94] = {memoize},
    [0x95] = {nothing, BYTES, 8},               /* FRAME */
    [0x96] = {string, COUNTED, 8, .text = "b"}, /* BYTEARRAY8 */
    [0x97] = {word, .text = ELSEWHERE},         /* NEXT_BUFFER */
    [0x98] = {nothing},                         /* READONLY_BUFFER */
};

#endif
