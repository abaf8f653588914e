/*
 * What each opcode of a pickle does, by its byte: the function that runs, its argument, and what it
 * makes. A table for outline_pickle.c, which includes it where all of its functions are known.
 */
#ifndef CODEC_SERIAL_PICKLE_OPS_H
#define CODEC_SERIAL_PICKLE_OPS_H

static const struct op ops[256] = {
    ['('] = {.run = push_mark},
    ['0'] = {.run = drop},
    ['1'] = {.run = pop_to_mark},
    ['2'] = {.run = duplicate},
    ['N'] = {.run = word, .text = "None"},
    ['I'] = {.run = integer_line, .argument = LINE},
    ['L'] = {.run = number_line, .argument = LINE, .text = "L"},
    ['F'] = {.run = number_line, .argument = LINE, .text = "F"},
    ['K'] = {.run = integer, .argument = NUMBER, .size = 1},
    ['M'] = {.run = integer, .argument = NUMBER, .size = 2},
    ['J'] = {.run = integer, .argument = NUMBER, .size = 4},
    ['G'] = {.run = binary_double},
    ['S'] = {.run = literal_line, .argument = LINE},
    ['V'] = {.run = unicode_line, .argument = LINE},
    ['T'] = {.run = string, .argument = COUNTED, .size = 4, .text = ""},
    ['U'] = {.run = string, .argument = COUNTED, .size = 1, .text = ""},
    ['X'] = {.run = string, .argument = COUNTED, .size = 4, .text = ""},
    ['B'] = {.run = string, .argument = COUNTED, .size = 4, .text = "b"},
    ['C'] = {.run = string, .argument = COUNTED, .size = 1, .text = "b"},
    [']'] = {.run = empty, .kind = LIST},
    ['}'] = {.run = empty, .kind = DICT},
    [')'] = {.run = empty, .kind = TUPLE},
    ['l'] = {.run = collect, .kind = LIST},
    ['d'] = {.run = collect, .kind = DICT},
    ['t'] = {.run = collect, .kind = TUPLE},
    ['e'] = {.run = fill},
    ['u'] = {.run = fill},
    ['a'] = {.run = fill, .n = 1},
    ['s'] = {.run = fill, .n = 2},
    ['p'] = {.run = put, .argument = LINE},
    ['q'] = {.run = put, .argument = NUMBER, .size = 1},
    ['r'] = {.run = put, .argument = NUMBER, .size = 4},
    ['g'] = {.run = get, .argument = LINE},
    ['h'] = {.run = get, .argument = NUMBER, .size = 1},
    ['j'] = {.run = get, .argument = NUMBER, .size = 4},
    ['c'] = {.run = global_lines, .argument = LINE},
    ['R'] = {.run = call},
    ['b'] = {.run = build},
    ['i'] = {.run = instance},
    ['o'] = {.run = instance, .n = 1},
    ['P'] = {.run = word, .argument = LINE, .text = ELSEWHERE},
    ['Q'] = {.run = kept_by_top, .text = ELSEWHERE},
    [0x80] = {.run = protocol, .argument = NUMBER, .size = 1},
    [0x81] = {.run = call},                                                  /* NEWOBJ */
    [0x82] = {.run = word, .argument = BYTES, .size = 1, .text = ELSEWHERE}, /* EXT1 */
    [0x83] = {.run = word, .argument = BYTES, .size = 2, .text = ELSEWHERE},
    [0x84] = {.run = word, .argument = BYTES, .size = 4, .text = ELSEWHERE},
    [0x85] = {.run = tuple, .n = 1}, /* TUPLE1 */
    [0x86] = {.run = tuple, .n = 2},
    [0x87] = {.run = tuple, .n = 3},
    [0x88] = {.run = word, .text = "True"},
    [0x89] = {.run = word, .text = "False"},
    [0x8a] = {.run = long_integer, .argument = COUNTED, .size = 1},
    [0x8b] = {.run = long_integer, .argument = COUNTED, .size = 4},
    [0x8c] = {.run = string, .argument = COUNTED, .size = 1, .text = ""}, /* SHORT_BINUNICODE */
    [0x8d] = {.run = string, .argument = COUNTED, .size = 8, .text = ""},
    [0x8e] = {.run = string, .argument = COUNTED, .size = 8, .text = "b"}, /* BINBYTES8 */
    [0x8f] = {.run = empty, .kind = SET},
    [0x90] = {.run = fill}, /* ADDITEMS */
    [0x91] = {.run = collect, .kind = FROZENSET},
    [0x92] = {.run = call_with_keywords}, /* NEWOBJ_EX */
    [0x93] = {.run = stack_global},
    [0x94] = {.run = memoize},
    [0x95] = {.run = nothing, .argument = BYTES, .size = 8},               /* FRAME */
    [0x96] = {.run = string, .argument = COUNTED, .size = 8, .text = "b"}, /* BYTEARRAY8 */
    [0x97] = {.run = word, .text = ELSEWHERE},                             /* NEXT_BUFFER */
    [0x98] = {.run = nothing},                                             /* READONLY_BUFFER */
};

#endif
