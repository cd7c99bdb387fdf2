package symbol

import "github.com/hansa-network/hansa"

// Widths of Code 128.
const (
	elements    = 6  // bars and spaces of a number
	numberWidth = 11 // modules of a number
	stopWidth   = 13 // modules of the stop, which has one bar more
)

// Numbers of Code 128 that are read but never written.
const (
	function3 = 96 // in setA and setB; resets a scanner
	function2 = 97 // in setA and setB; the text goes on in other bars
	shift     = 98 // the next character is of the other set of letters
	function1 = 102
)

// ReadCode128 returns the text of bars (ISO/IEC 15417). It gets the widths of the
// bars and spaces in turn, in any unit, from the first bar of the start on, and
// returns how many of them it took to the end of the stop. All bars may be too
// thick: it goes by the distances of like edges.
//
// ReadCode128 refuses with hansa.CodeInvalid what is no Code 128 or fails its
// checksum, and with hansa.CodeUnknown functions, such as that of GS1.
func ReadCode128(widths []int) (text string, used int, err error) {
	var numbers []int
	for {
		rest := widths[min(len(numbers)*elements, len(widths)):]
		if isStop(rest) {
			break
		}
		number, ok := nearestNumber(rest)
		if !ok || len(numbers) == 0 && number < startA {
			return "", 0, hansa.Refuse(hansa.CodeInvalid, "bars that are no Code 128")
		}
		numbers = append(numbers, number)
	}
	text, err = code128Text(numbers)
	return text, len(numbers)*elements + elements + 1, err
}

// isStop reports whether the bars are those of the stop.
func isStop(widths []int) bool {
	if len(widths) <= elements {
		return false
	}
	return isLike(widths[:elements+1], code128Widths[stop], stopWidth)
}

// nearestNumber returns the number whose bars are nearest to the first ones.
func nearestNumber(widths []int) (number int, ok bool) {
	if len(widths) < elements {
		return 0, false
	}
	for number, pattern := range code128Widths[:stop] {
		if isLike(widths[:elements], pattern, numberWidth) {
			return number, true
		}
	}
	return 0, false
}

// isLike reports whether the bars are those of the pattern: each distance from one
// edge to the next like one rounds to that of the pattern, and all bars together
// are nearer to it than to a pattern with two modules more or less.
func isLike(widths []int, pattern string, modules int) bool {
	sum, bars, barModules := 0, 0, 0
	for i, width := range widths {
		sum += width
		if i%2 == 0 {
			bars += width
			barModules += int(pattern[i] - '0')
		}
	}
	if sum == 0 {
		return false
	}
	for i := range len(widths) - 1 {
		distance := int(pattern[i]-'0') + int(pattern[i+1]-'0')
		wrong := modules*(widths[i]+widths[i+1]) - sum*distance
		if 2*max(wrong, -wrong) > sum {
			return false
		}
	}
	wrong := modules*bars - sum*barModules
	const spread = 3 // halves of a module, over three bars
	return 2*max(wrong, -wrong) < spread*sum
}

// code128Text returns what the numbers say, of which the first is a start and the
// last the checksum.
func code128Text(numbers []int) (string, error) {
	last := len(numbers) - 1
	if last < 2 {
		return "", hansa.Refuse(hansa.CodeInvalid, "bars without a text")
	}
	check := numbers[0]
	for i, number := range numbers[:last] {
		check += i * number
	}
	if check%checkModulus != numbers[last] {
		return "", hansa.Refuse(hansa.CodeInvalid, "bars that fail their checksum")
	}
	var text []byte
	set := codeSet(numbers[0] - startA)
	shifted := false
	for _, number := range numbers[1:last] {
		now := set
		if shifted {
			now, shifted = setA+setB-set, false
		}
		switch {
		case number >= startA:
			return "", hansa.Refuse(hansa.CodeInvalid, "bars that start twice")
		case now == setC && number < 100:
			text = append(text, byte('0'+number/10), byte('0'+number%10)) //nolint:gosec // Below 100.
		case number < 64, now == setB && number < function3:
			text = append(text, byte(number+' ')) //nolint:gosec // Below 96.
		case number < function3:
			text = append(text, byte(number-64))
		case number == shift && now != setC:
			shifted = true
		case number == set.switchTo() || number == function1 || number == function2 || number == function3:
			return "", hansa.Refuse(hansa.CodeUnknown, "bars with a function, no payment code")
		default:
			set = map[int]codeSet{switchToA: setA, switchToB: setB, switchToC: setC}[number]
		}
	}
	return string(text), nil
}
