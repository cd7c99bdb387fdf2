package photo

import "math"

// A system is a set of linear equations, of which there may be more than
// unknowns: it is solved by the smallest sum of squared errors.
type system struct {
	normal [][]float64 // the products of all pairs of factors, summed; last column: with the value
}

// add adds an equation: the factors of the unknowns, and the value that their sum
// should have. The weight says how much its error counts.
func (s *system) add(factors []float64, value, weight float64) {
	if s.normal == nil {
		s.normal = make([][]float64, len(factors))
		for i := range s.normal {
			s.normal[i] = make([]float64, len(factors)+1)
		}
	}
	for i, factor := range factors {
		if factor == 0 {
			continue
		}
		row := s.normal[i]
		for j, other := range factors {
			row[j] += weight * factor * other
		}
		row[len(factors)] += weight * factor * value
	}
}

// solve returns the unknowns, and false where the equations do not determine them.
// Caution draws them to zero: it is the weight of one more equation for each.
func (s *system) solve(caution float64) ([]float64, bool) {
	n := len(s.normal)
	m := make([][]float64, n)
	for i := range m {
		m[i] = append([]float64(nil), s.normal[i]...)
		m[i][i] += caution
	}
	for i := range n {
		best := i
		for k := i + 1; k < n; k++ {
			if math.Abs(m[k][i]) > math.Abs(m[best][i]) {
				best = k
			}
		}
		m[i], m[best] = m[best], m[i]
		if math.Abs(m[i][i]) < 1e-12 {
			return nil, false
		}
		for k := range n {
			if k == i {
				continue
			}
			factor := m[k][i] / m[i][i]
			for j := i; j <= n; j++ {
				m[k][j] -= factor * m[i][j]
			}
		}
	}
	unknowns := make([]float64, n)
	for i := range unknowns {
		unknowns[i] = m[i][n] / m[i][i]
	}
	return unknowns, true
}
