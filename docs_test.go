package hansa_test

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const decisionLinesMax = 60

var (
	// link finds the target of a Markdown link or picture, and of an HTML one.
	link     = regexp.MustCompile(`\]\(([^)\s]+)[^)]*\)|(?:src|href)="([^"]+)"`)
	heading  = regexp.MustCompile(`(?m)^#{1,6} (.*)$`)
	fenced   = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	inline   = regexp.MustCompile("`[^`\n]*`")
	outside  = regexp.MustCompile(`^(https?|mailto):`)
	unspoken = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	decision = regexp.MustCompile(`^docs/decisions/(\d{4}-\d\d-\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.md$`)
	release  = regexp.MustCompile(`^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$`)
	change   = regexp.MustCompile(`^### (Added|Changed|Deprecated|Removed|Fixed|Security)$`)
)

// TestDocuments checks links, decisions and the changelog.
func TestDocuments(t *testing.T) {
	t.Parallel()
	for _, breach := range documentBreaches(t, os.DirFS(".")) {
		t.Error(breach)
	}
}

// TestPlantedDocumentsAreNamed shows that each kind of breach is found.
func TestPlantedDocumentsAreNamed(t *testing.T) {
	t.Parallel()
	before := documentBreaches(t, os.DirFS("."))
	after := documentBreaches(t, plant(t, map[string]string{
		"docs/planted.md": "# Planted: a *page*\n[well](#planted-a-page) [well](../STYLE.md) [outside](https://example.org/)\n" +
			"[gone](gone.md) ![gone](gone.png) <img src=\"gone.svg\"> [no heading](../STYLE.md#gone)\n" +
			"`[code](code.md)`\n```\n[code](code.md)\n```\n",
		"docs/decisions/2026-11-31-no-such-day.md": decisionText("\n"),
		"docs/decisions/Undated.md":                decisionText("\n"),
		"docs/decisions/2026-11-22-long.md":        decisionText(strings.Repeat("\n", decisionLinesMax)),
		"docs/decisions/2026-11-22-short.md":       "# Short\n\n**Question.** Why?\n",
		"CHANGELOG.md":                             "# Changelog\n\n## [0.1.0] - 2026-11-22\n### New\n- without an end\n",
	}))
	planted := slices.DeleteFunc(after, func(breach string) bool { return slices.Contains(before, breach) })
	wantNamed(t, planted,
		"docs/planted.md: gone.md does not exist",
		"docs/planted.md: gone.png does not exist",
		"docs/planted.md: gone.svg does not exist",
		"docs/planted.md: ../STYLE.md has no heading #gone",
		"2026-11-31-no-such-day.md: the name must be",
		"Undated.md: the name must be",
		"2026-11-22-long.md: more than 60 lines",
		"2026-11-22-short.md: must have, in this order",
		"CHANGELOG.md: [Unreleased] must come first",
		"CHANGELOG.md:4: \"### New\" is not a kind of change",
		"CHANGELOG.md:5: a change is a sentence",
	)
}

var decisionParts = []string{
	"**Question.**", "**Decision.**", "**Because.**", "**Rejected.**", "**Costs.**", "**We would change our mind if**",
}

// decisionText returns a decision in the right form, with extra text in it.
func decisionText(extra string) string {
	return "# Planted\n\n" + strings.Join(decisionParts, " so.\n\n") + " so." + extra
}

// documentBreaches returns a line for each breach in the documents of the tree.
func documentBreaches(t *testing.T, tree fs.FS) []string {
	t.Helper()
	var breaches []string
	for _, name := range listFiles(t, tree, ".md") {
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			t.Fatal(err)
		}
		breaches = append(breaches, linkBreaches(tree, name, string(text))...)
		switch {
		case strings.HasPrefix(name, "docs/decisions/"):
			breaches = append(breaches, decisionBreaches(name, string(text))...)
		case name == "CHANGELOG.md":
			breaches = append(breaches, changelogBreaches(string(text))...)
		}
	}
	return breaches
}

// linkBreaches finds relative links that lead nowhere.
func linkBreaches(tree fs.FS, name, text string) []string {
	var breaches []string
	prose := inline.ReplaceAllString(fenced.ReplaceAllString(text, ""), "")
	for _, found := range link.FindAllStringSubmatch(prose, -1) {
		target := found[1] + found[2]
		if outside.MatchString(target) {
			continue
		}
		file, anchor, _ := strings.Cut(target, "#")
		full := name
		if file != "" {
			full = path.Join(path.Dir(name), file)
		}
		if _, err := fs.Stat(tree, full); err != nil {
			breaches = append(breaches, fmt.Sprintf("%s: %s does not exist", name, file))
			continue
		}
		if anchor != "" && !slices.Contains(anchors(tree, full), anchor) {
			breaches = append(breaches, fmt.Sprintf("%s: %s has no heading #%s", name, file, anchor))
		}
	}
	return breaches
}

// anchors returns the names by which the headings of a document can be linked.
func anchors(tree fs.FS, name string) []string {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil
	}
	var names []string
	for _, found := range heading.FindAllStringSubmatch(fenced.ReplaceAllString(string(text), ""), -1) {
		words := unspoken.ReplaceAllString(strings.ToLower(found[1]), "")
		names = append(names, strings.ReplaceAll(words, " ", "-"))
	}
	return names
}

func decisionBreaches(name, text string) []string {
	var breaches []string
	parts := decision.FindStringSubmatch(name)
	if parts == nil || !isDate(parts[1]) {
		breaches = append(breaches, name+": the name must be a date and words, as 2026-11-22-one-sql.md")
	}
	if strings.Count(text, "\n") > decisionLinesMax {
		breaches = append(breaches, fmt.Sprintf("%s: more than %d lines", name, decisionLinesMax))
	}
	rest := text
	for _, part := range decisionParts {
		_, after, found := strings.Cut(rest, "\n"+part)
		if !found {
			return append(breaches, name+": must have, in this order: "+strings.Join(decisionParts, " "))
		}
		rest = after
	}
	return breaches
}

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// changelogBreaches holds the changelog to the form of keepachangelog.com.
func changelogBreaches(text string) []string {
	var breaches []string
	_, sections, _ := strings.Cut(text, "\n## ")
	if !strings.HasPrefix(text, "# Changelog\n") || !strings.HasPrefix(sections, "[Unreleased]\n") {
		breaches = append(breaches, "CHANGELOG.md: [Unreleased] must come first")
	}
	lines := strings.Split(text, "\n")
	for at, line := range lines {
		where := fmt.Sprintf("CHANGELOG.md:%d: ", at+1)
		switch {
		case strings.HasPrefix(line, "### ") && !change.MatchString(line):
			breaches = append(breaches, fmt.Sprintf("%s%q is not a kind of change", where, line))
		case strings.HasPrefix(line, "## ") && line != "## [Unreleased]" && !isRelease(line):
			breaches = append(breaches, fmt.Sprintf("%s%q is not a release", where, line))
		case strings.HasPrefix(line, "- ") && !strings.HasSuffix(lastLine(lines[at:]), "."):
			breaches = append(breaches, where+"a change is a sentence with a full stop")
		}
	}
	return breaches
}

func isRelease(line string) bool {
	parts := release.FindStringSubmatch(line)
	return parts != nil && isDate(parts[2])
}

// lastLine returns the last line of the list item that begins the lines.
func lastLine(lines []string) string {
	last := lines[0]
	for _, line := range lines[1:] {
		if !strings.HasPrefix(line, "  ") {
			break
		}
		last = line
	}
	return last
}
