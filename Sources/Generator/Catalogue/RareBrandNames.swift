/// Brands of the shop that are seen only in small categories, the more frequent first.
let rareBrandNames = """
  carters shimano tarkett goodyear gran-stone roadx hifly bestway carver mart peda pirelli
  tempish gf toyo beurer boyscout dunlop fischer goodride nestogen nikon sailun unit weekend
  welss deerma mercury navitel nutrilon okuma powertrac s.a.n. smile sulu amtel babyono
  citizen gionee google jetpik kelli krause pasabahce prologic pyrex rado reluce toscom
  ambition aoteli aplus arena artmusical baboo babor boccia celestron daiwa dam delsey deluxe
  dkny fenix ferrino forward granfest gross hankook hoover hygge irobot kabrita kormoran line
  lorus mapex momert mykronoz oral-b polar purederm ray-ban redline roadstone rombica sava
  shiseido silhouette syma tacx tigar veston wess withings zilmer academie adata aeolus
  alerana alesis allocacoc alpina alser armani attribute barokko belcat beyonce biotech bisou
  blackberry bot briverre bsn calve camelion caramelia catunltd cavaletto cellio centara
  cettua collistar condtrol coopervision crosby cyberpower dahon daisy danke daye dbpower dji
  domenik dox dymatize ecotex elizavecca eltex farmavita farroad finish firman fisher fit
  fossil fujifilm gedore gelflex gislaved givenchy gosh greenbike grohe hanowa hilo homeart
  huanger humminbird inhouse ipower jkexer jockey joerex jordan joyroom keddo kenzo kerastase
  keter kink konov koopman kronospan kumho kuppersberg kurzweil leatherman leica luxell mammut
  maxler midzumi milano miracle mirage mitre montblanc motorola moxom muscletech nitto norfin
  numark ovation payot peak peavey persona phantom plitex pnb powertec pozis progress remix
  rivertoys roland roncato scool scoole scott seiko snowcap solarstorm specialized sportbaby
  stagg stark startul steelflex sunfull suunto taller tamaris technomax tecno titan travelite
  tuka usams vitra walfix waterpik weifeng wuw zemex zeppelin
  """
