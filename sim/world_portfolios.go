package sim

// bergen are the sale units that Vipps serves in Bergen beside the café, which
// makes thirty of them. Each is a merchant of its own.
func bergen() []place {
	var places []place
	for _, unit := range []struct{ id, name, category string }{
		{"bakery", "Vågen Bakeri", "5462"},
		{"fish", "Torget Fisk", "5499"},
		{"books", "Nordnes Bokhandel", "5942"},
		{"knit", "Strikkestuen", "5651"},
		{"cabin", "Fjellkabinen", "7991"},
		{"hotel", "Hotell Havneglimt", "7011"},
		{"hostel", "Sjøboden Vandrerhjem", "7011"},
		{"sushi", "Nøstet Sushi", "5812"},
		{"pub", "Skipperstuen", "5813"},
		{"burger", "Smauet Burger", "5814"},
		{"kiosk", "Kaikiosken", "5994"},
		{"flowers", "Blomsterboden", "5992"},
		{"glass", "Glassverkstedet", "5971"},
		{"gallery", "Galleri Kalfaret", "5971"},
		{"museum", "Sjøfartsstuen", "7991"},
		{"aquarium", "Akvariebutikken", "7998"},
		{"ferry", "Fjordbåtene", "4111"},
		{"taxi", "Syv Fjell Taxi", "4121"},
		{"bikes", "Sykkelutleien", "7999"},
		{"sport", "Fjellpakken", "5941"},
		{"rain", "Regnværsbutikken", "5699"},
		{"silver", "Sølvsmia", "5944"},
		{"watch", "Urmakeriet", "7631"},
		{"design", "Form og Fjord", "5712"},
		{"chemist", "Apotek Sandvika", "5912"},
		{"optics", "Brillestuen", "8043"},
		{"hair", "Salong Marken", "7230"},
		{"sauna", "Badstuen ved Vågen", "7298"},
		{"cinema", "Kino Engen", "7832"},
	} {
		places = append(places, place{
			"bergen-" + unit.id, unit.id, unit.name, "Bergen", "NO", unit.category, "NOK", []string{"vipps"}, "",
		})
	}
	return places
}

// portfolios are the stores that show what somebody beside the big acquirers
// does: 2paynow recruits shops whose visitors claim the tax back, ePassi's are
// good for its purses, MOMO collects for small merchants, and Pagaqui takes
// bills and sells tickets over the counter.
func portfolios() []place {
	return []place{
		{"oslo-watches", "urhuset", "Urhuset", "Oslo", "NO", "5944", "NOK", []string{"nets"}, "2paynow"},
		{"helsinki-lunch", "kallio", "Lounas Kallio", "Helsinki", "FI", "5812", "EUR", []string{"epassi"}, ""},
		{"helsinki-swim", "uimari", "Uimahalli Uimari", "Helsinki", "FI", "7997", "EUR", []string{"epassi"}, ""},
		{"helsinki-theatre", "esplanadi", "Teatteri Esplanadi", "Helsinki", "FI", "7922", "EUR", []string{"epassi"}, ""},
		{"helsinki-tram", "raitio", "Raitiolippu", "Helsinki", "FI", "4111", "EUR", []string{"epassi"}, ""},
		{"barcelona-fruit", "fruita", "Fruites del Mercat", "Barcelona", "ES", "5499", "EUR", []string{"momo"}, ""},
		{"barcelona-taxi", "taxi-214", "Taxi 214", "Barcelona", "ES", "4121", "EUR", []string{"momo"}, ""},
		{"barcelona-books", "paraules", "Paraules", "Barcelona", "ES", "5942", "EUR", []string{"momo"}, ""},
		{"lisbon-counter", "balcao", "Balcão do Rossio", "Lisboa", "PT", "4900", "EUR", []string{"pagaqui"}, ""},
		{"lisbon-tickets", "bilheteira", "Bilheteira do Cais", "Lisboa", "PT", "4111", "EUR", []string{"pagaqui"}, ""},
	}
}
