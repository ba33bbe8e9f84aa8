/// The categories of the shop as the generator knows them, one entry each, in this form:
///
///     name identifiers share products price spread buying logged digits
///       brand:weight ...
///
/// - name: the category code, or the identifier of a category that has no code;
/// - identifiers: how many category identifiers carry the code;
/// - share: events of the category in a million events;
/// - products: how many products it holds;
/// - price, spread: the median price, and the standard deviation of its logarithm;
/// - buying: purchases for an event, relative to the whole shop;
/// - logged: the chance that a buyer's cart was recorded before the change of 8 November;
/// - digits: of the product identifiers;
/// - brands with the weight of their events; `-` is no brand.
///
/// Shares and prices follow published tables, and for small categories a sample of the file.
let categoryEntries = """
  electronics.smartphone 4 261500 1900 287 0.80 1.95 0.74 7
    samsung:1518 apple:1416 xiaomi:824 huawei:475 oppo:131 vivo:84 meizu:58 nokia:57
    oneplus:32 sony:28 lg:21 honor:19 bq:17 tp-link:10 doogee:7 -:6
  electronics.clocks 4 30500 6165 165 1.25 0.95 0.60 8
    casio:116 -:99 apple:84 samsung:66 xiaomi:41 garmin:31 tissot:21 longines:15 swatch:15
    aimoto:12 orient:12 wonlex:8 elari:5 honor:4 mido:4 canyon:3
  computers.notebook 2 27200 3864 597 0.63 0.62 0.30 7
    acer:156 lenovo:150 hp:107 asus:67 apple:28 dell:24 xiaomi:13 msi:9 -:2 prestigio:2
  electronics.audio.headphone 2 26200 1300 71 0.93 1.85 0.74 7
    apple:133 xiaomi:87 elari:40 samsung:37 jbl:29 sony:15 huawei:13 pioneer:9 ritmix:6 bose:4
    harper:4 marshall:4 plantronics:4 beats:3 olmio:3 asus:2
  appliances.kitchen.refrigerators 6 21500 3360 311 0.65 0.75 0.30 7
    -:73 indesit:55 lg:38 beko:28 atlant:24 haier:19 dometic:16 midea:15 dauscher:14
    samsung:14 bosch:8 coolfort:6 leadbros:5 ezetil:4 hansa:2 whirlpool:2
  appliances.environment.vacuum 4 19500 1383 117 0.88 0.75 0.30 7
    samsung:49 karcher:31 vitek:27 xiaomi:27 -:23 bosch:18 gorenje:16 elenberg:13 dauscher:12
    thomas:11 lg:8 philips:7 redmond:6 kolner:5 polaris:3 zelmer:3
  appliances.environment.air_heater 2 13639 1309 34 0.63 0.75 0.30 7
    oasis:67 elenberg:39 electrolux:28 ballu:27 -:26 timberk:14 midea:11 hyundai:8 willmark:6
    almacom:3 alteco:3 etalon:3 polaris:3 saturn:3 tefal:3 ditreex:1
  electronics.video.tv 2 26200 1159 422 0.57 0.95 0.60 7
    samsung:111 artel:35 lg:26 sony:18 haier:11 yasin:11 kivi:9 tcl:6 jvc:4 xiaomi:4 rebus:3
    changhong:2 irbis:2 toshiba:2 elenberg:1 philips:1
  auto.accessories.player 2 10500 1437 72 0.58 0.75 0.55 7
    -:73 pioneer:56 jvc:37 nakamichi:21 kenwood:15 swat:14 sony:12 mystery:5 winca:4 alpine:3
    clarion:3 autoline:1 imx:1
  apparel.shoes 27 19500 6175 90 0.39 0.28 0.00 8
    respect:48 -:32 salamander:26 rieker:25 shagovita:23 baden:14 marcomen:11 fassen:8
    greyder:8 etor:7 burgerschuhe:5 rooman:5 ersport:4 nexpero:4 cover:2 pablosky:2
  appliances.kitchen.washer 4 20800 1308 335 0.54 0.75 0.30 7
    samsung:99 lg:55 indesit:18 beko:15 midea:9 artel:8 haier:5 atlant:4 candy:4 hotpoint-
    ariston:3 -:2 bosch:1 electrolux:1
  apparel.shoes.keds 7 10517 3341 72 0.35 0.28 0.00 8
    respect:32 -:29 strobbs:20 adidas:18 asics:18 nike:15 nexpero:12 baden:10 puma:9 escan:6
    fassen:5 fila:4 reebok:3 greyder:2 millionaire:2 vans:2
  electronics.telephone 2 9531 2230 26 0.65 0.95 0.60 7
    nokia:61 texet:39 bq:19 inoi:11 panasonic:8 philips:6 prestigio:6 fly:5 jinga:5 maxvi:5
    elari:3 nobby:3 irbis:2 hiper:1
  furniture.living_room.cabinet 4 7887 1818 283 0.36 0.35 0.20 8
    -:82 sv:32 brw:23 bts:7
  auto.accessories.alarm 4 7340 322 121 0.36 0.75 0.55 7
    starline:107 tomahawk:11 cenmax:5 centurion:5 pandora:5 alligator:1
  appliances.kitchen.meat_grinder 2 7011 1300 72 0.68 0.75 0.30 7
    -:26 bosch:22 redmond:13 moulinex:11 dauscher:10 elenberg:10 polaris:7 philips:5
    scarlett:5 panasonic:4 bene:3 vitek:3 zelmer:3 saturn:2 artel:1 galaxy:1
  furniture.living_room.sofa 2 6956 1263 541 0.38 0.35 0.20 8
    -:121 rals:4 divalux:1 imperial:1
  computers.desktop 4 6408 2505 617 0.89 0.62 0.30 7
    pulser:45 acer:18 hp:8 lenovo:6 netechnics:6 apple:4 dxracer:4 -:3 smart:3 sv:3 avalon:2
    gigabyte:2 neo:2 polaris:2 trust:2 aerocool:1
  furniture.bedroom.bed 3 6135 2075 155 0.71 0.35 0.20 8
    -:49 sv:22 brw:15 bts:5 lorelli:4 polini:4 incanto:3 romack:3 joie:2 uomo:2 chicco:1
    domini:1 micuna:1
  accessories.bag 10 5423 2135 64 0.76 0.45 0.02 8
    karya:32 -:13 baden:9 rivacase:8 lenovo:6 xiaomi:5 continent:4 coccinelle:3 plano:3 acer:2
    easycamp:2 a-elita:1 coleman:1 dell:1 dometic:1 fisherman:1
  appliances.kitchen.microwave 4 5094 946 86 0.54 0.75 0.30 7
    samsung:20 elenberg:15 lg:13 ava:6 gorenje:6 horizont:5 dauscher:4 midea:4 hansa:3
    willmark:3 -:2 bosch:2 candy:2 electrolux:2 panasonic:2 bbk:1
  appliances.environment.water_heater 2 4930 978 99 0.35 0.75 0.30 7
    ariston:41 -:11 artel:11 thermex:11 haier:4 teploross:3 aqua:2 garanterm:2 midea:2
    almacom:1 electrolux:1 klima:1
  appliances.iron 2 4820 1102 28 0.79 0.75 0.30 7
    tefal:17 redmond:14 scarlett:13 elenberg:10 philips:8 vitek:7 panasonic:5 saturn:5
    maxwell:4 polaris:4 galaxy:1
  electronics.audio.subwoofer 4 4820 1000 102 0.57 0.95 0.60 7
    -:24 pride:13 pioneer:11 alpine:7 hertz:5 mystery:5 alphard:3 audison:3 jvc:3 sony:3
    edge:2 infinity:2 kicx:2 nakamichi:2 fli:1 kenwood:1
  appliances.kitchen.blender 2 4711 783 54 0.53 0.75 0.30 7
    redmond:36 polaris:11 braun:10 vitek:8 panasonic:7 elenberg:4 philips:4 bosch:2 saturn:2
    lumme:1 scarlett:1
  sport.bicycle 5 4546 2153 268 1.07 0.35 0.02 8
    axis:15 giant:15 phoenix:6 stels:5 torrent:5 bafang:4 sunday:4 dk:3 haro:3 -:2 cube:2 gt:2
    mars:2 racer:2 trinx:2 cannondale:1
  kids.carriage 2 4272 1128 118 0.52 0.50 0.30 7
    belecoo:21 wingoffly:12 -:9 alis:8 anex:5 chicco:5 coballe:5 lorelli:5 rant:3 babytime:2
    bertoni:1 cybex:1 easywalker:1
  auto.accessories.videoregister 4 4218 686 142 0.61 0.75 0.55 7
    sho-me:20 -:19 ibox:8 neoline:5 prestigio:5 xiaomi:4 anytek:3 inspector:3 subini:3
    playme:2 tomahawk:2 avel:1 fujida:1 intego:1
  construction.tools.drill 2 4218 1260 82 0.65 0.70 0.02 8
    bosch:17 -:16 makita:13 crown:10 alteco:9 dewalt:8 total:2 dwt:1 p.i.t.:1
  electronics.tablet 3 3889 1118 384 0.89 0.95 0.60 7
    apple:25 samsung:24 huawei:7 prestigio:7 wacom:4 bq:2 lenovo:1 microsoft:1
  appliances.environment.air_conditioner 2 3779 386 197 0.35 0.75 0.30 7
    elenberg:27 tcl:21 almacom:7 -:3 atlantic:3 mdv:2 midea:2 electrolux:1 oasis:1 samsung:1
    zerten:1
  construction.tools.saw 6 3615 1920 113 0.85 0.70 0.02 8
    huter:16 -:10 stihl:7 makita:6 bosch:5 alteco:4 dewalt:4 eurolux:3 ivt:2 p.i.t.:2 crown:1
    dremel:1 husqvarna:1 ken:1 metabo:1 oasis:1
  appliances.kitchen.oven 2 3232 679 55 0.86 0.75 0.30 7
    artel:21 elenberg:19 asel:6 bosch:2 hansa:2 shivaki:2 aeg:1 bbk:1 beko:1 dauscher:1
    electrolux:1 redmond:1 samsung:1
  appliances.sewing_machine 4 3177 971 235 0.89 0.75 0.30 7
    janome:38 bernina:12 jaguar:5 brother:2 elna:1
  computers.components.videocards 2 3177 1298 315 0.86 0.62 0.30 7
    palit:20 asus:10 gigabyte:8 powercolor:8 msi:6 gainward:2 sinotex:2 asrock:1 evga:1
  appliances.kitchen.kettle 3 3122 1115 36 0.71 0.75 0.30 7
    tefal:10 dauscher:9 maxwell:6 elenberg:5 panasonic:5 polaris:4 xiaomi:3 braun:2 redmond:2
    saturn:2 smeg:2 vitek:2 -:1 apollo:1 berghoff:1 bosch:1
  appliances.kitchen.hood 2 3013 484 69 0.46 0.75 0.30 7
    artel:18 turbo:7 turboair:6 midea:5 -:3 dauscher:3 hansa:3 zorg:3 bosch:2 elikor:2 akpo:1
    mbs:1 oasis:1
  appliances.kitchen.mixer 1 2739 532 33 1.01 0.75 0.30 8
    polaris:11 scarlett:9 elenberg:6 bosch:5 panasonic:5 dauscher:4 braun:2 kitchenaid:2
    kitfort:2 vitek:2 saturn:1 smeg:1
  furniture.kitchen.table 4 2520 872 116 0.75 0.35 0.20 8
    -:23 bts:9 domini:4 sv:4 ersport:2 aero:1 bazhou:1 brw:1 halmar:1
  computers.peripherals.monitor 1 2520 1149 107 0.65 0.62 0.30 7
    samsung:11 qmax:10 acer:6 lg:6 asus:4 aoc:3 dell:3 hp:2 philips:1
  appliances.kitchen.grill 1 2246 162 113 0.49 0.75 0.30 8
    redmond:21 tefal:13 delonghi:3 maxwell:2 vitek:2
  construction.tools.welding 1 2246 710 201 0.64 0.70 0.02 8
    magnetta:11 -:9 denzel:6 huter:3 laston:3 redbo:3 edon:2 fubag:2 aiken:1 forza:1
  furniture.kitchen.chair 2 2136 564 57 0.61 0.35 0.20 8
    -:13 zeta:8 shenma:6 joie:5 barneo:2 mamadoma:2 lorelli:1 lorelli-bertoni:1 sv:1
  computers.peripherals.printer 4 2027 537 136 0.35 0.62 0.30 7
    epson:14 hp:12 canon:7 samsung:3 -:1
  computers.components.hdd 1 1917 226 40 0.35 0.62 0.30 7
    kingston:10 transcend:10 crucial:8 apacer:5 gigabyte:1 hp:1
  construction.tools.pump 1 1862 414 64 0.47 0.70 0.02 8
    -:19 leo:9 alteco:2 magnetta:2 greenpro:1 pedrollo:1
  appliances.kitchen.dishwasher 1 1862 584 386 0.35 0.75 0.30 7
    bosch:13 beko:10 dauscher:3 hansa:2 indesit:2 electrolux:1 midea:1 samsung:1 whirlpool:1
  kids.toys 3 1753 1162 23 0.70 0.50 0.30 7
    -:8 chicco:5 orange:3 silverlit:3 alilo:2 fancy:2 bertoni:1 bestoy:1 cubicfun:1 disney:1
    fisher-price:1 gulliver:1 ladida:1 rastar:1 ty:1
  furniture.living_room.chair 2 1698 454 205 0.57 0.35 0.20 7
    -:13 heyner:10 lorelli:4 bertoni:1 joie:1 nania:1 siger:1
  appliances.kitchen.hob 1 1643 594 229 0.56 0.75 0.30 7
    dauscher:10 bosch:7 hansa:3 beko:2 greta:2 samsung:2 candy:1 electrolux:1 gefest:1 midea:1
  construction.tools.light 5 1534 442 7 0.65 0.70 0.02 8
    -:19 eco:3 garant:2 lezard:2 ansmann:1 mantra:1
  computers.peripherals.mouse 1 1479 898 20 0.98 0.62 0.30 7
    logitech:8 -:4 hp:4 delux:3 crown:2 kingston:2 x-game:2 defender:1 steelseries:1
  apparel.shoes.sandals 2 1479 1173 34 0.35 0.28 0.00 8
    rieker:17 respect:2 salamander:2 -:1 ara:1 burgerschuhe:1 indiana:1 suave:1 tuffoni:1
  appliances.personal.hair_cutter 1 1424 357 22 0.55 0.75 0.30 7
    philips:7 vitek:5 moser:4 scarlett:4 bene:2 maxwell:2 braun:1 elenberg:1
  computers.peripherals.keyboard 1 1369 794 46 0.70 0.62 0.30 7
    redragon:4 -:3 defender:3 kingston:3 rapoo:3 delux:2 sven:2 x-game:2 acme:1 logitech:1
    razer:1
  appliances.personal.scales 4 1369 317 18 0.40 0.75 0.30 8
    bene:6 xiaomi:6 redmond:5 elenberg:2 galaxy:2 huawei:2 maxwell:1 polaris:1
  kids.skates 1 1315 449 370 0.70 0.50 0.30 8
    kugoo:8 xiaomi:5 -:2 freefeet:2 maomaoku:2 segway:2 candy:1 e-twow:1 longway:1
  construction.tools.generator 2 1315 516 90 0.91 0.70 0.02 7
    philips:5 karcher:4 tefal:4 elenberg:3 denzel:2 huter:2 polaris:2 -:1 scarlett:1
  electronics.audio.acoustic 3 1315 449 156 0.83 0.95 0.60 8
    fender:10 yamaha:5 denn:4 bose:1 lg:1 samsung:1 sony:1 squier:1
  computers.components.memory 1 1260 344 49 0.63 0.62 0.30 7
    hyperx:9 -:5 geil:4 kingston:3 crucial:2
  accessories.wallet 1 1095 619 39 0.35 0.45 0.02 8
    karya:14 picard:4 petek:2
  electronics.camera.video 1 1041 72 232 0.37 0.95 0.60 7
    xiaomi:9 gopro:6 panasonic:4
  computers.components.power_supply 1 986 110 75 0.35 0.62 0.30 7
    huntkey:7 gigabyte:6 cougar:3 corsair:2
  apparel.shoes.slipons 2 986 516 48 0.45 0.28 0.00 8
    bugatti:5 greyder:5 -:2 nexpero:2 caprice:1 respect:1 spur:1 vans:1
  computers.components.motherboard 1 986 599 153 0.42 0.62 0.30 7
    asus:7 asrock:4 gigabyte:4 msi:3
  stationery.cartrige 1 931 52 11 0.35 0.50 0.02 8
    hp:17
  furniture.bedroom.pillow 1 931 391 15 0.57 0.35 0.20 8
    -:7 belashoff:5 vegas:3 altinbasak:1 tamish:1
  kids.dolls 1 931 466 27 0.81 0.50 0.30 8
    -:8 llorens:4 mattel:4 sariel:1
  apparel.costume 4 876 220 136 0.38 0.28 0.00 8
    -:16
  auto.accessories.compressor 3 822 528 119 0.41 0.75 0.55 8
    -:6 berkut:5 chameleon:2 denzel:1 ryobi:1
  electronics.video.projector 1 822 367 403 0.81 0.95 0.60 7
    viewsonic:4 cinemood:3 byintek:2 epson:2 vivitek:2 optoma:1 sony:1
  computers.components.cpu 1 822 719 249 0.72 0.62 0.30 7
    intel:12 amd:3
  apparel.shoes.moccasins 2 657 293 80 0.35 0.28 0.00 8
    etor:6 destra:3 caprice:1 greyder:1 salamander:1
  furniture.bathroom.toilet 1 657 371 73 0.35 0.35 0.20 8
    cersanit:5 santeri:3 sanita:2 rosa:1 santek:1
  appliances.kitchen.juicer 1 603 125 134 0.38 0.75 0.30 7
    bosch:6 elenberg:2 philips:2 braun:1
  electronics.audio.microphone 1 603 245 19 0.86 0.95 0.60 8
    trust:6 -:3 hoco:1 ritmix:1
  appliances.ironing_board 1 603 180 30 0.35 0.75 0.30 8
    nika:10 perilla:1
  kids.fmcg.diapers 1 603 245 12 0.46 0.50 0.30 8
    huggies:7 pampers:2 -:1 merries:1
  computers.components.cooler 2 548 137 32 0.70 0.62 0.30 8
    almacom:4 midea:4 aerocool:1 enermax:1
  furniture.universal.light 1 548 22 661 0.96 0.35 0.20 8
    mantra:8 futura:2
  medicine.tools.tonometer 1 493 153 51 0.35 0.50 0.02 8
    omron:7 -:2
  appliances.kitchen.coffee_machine 1 493 299 28 1.26 0.75 0.30 7
    maxwell:3 delonghi:2 gorenje:2 philips:1 redmond:1
  furniture.bathroom.bath 1 438 247 341 0.60 0.35 0.20 8
    sharking:3 triton:2 -:1 cersanit:1 zara:1
  appliances.kitchen.toster 4 438 247 31 0.60 0.75 0.30 8
    philips:2 smeg:2 vitek:2 -:1 gorenje:1
  apparel.underwear 1 383 283 22 0.60 0.28 0.00 8
    milavitsa:7
  appliances.kitchen.steam_cooker 1 383 71 36 0.60 0.75 0.30 7
    polaris:5 -:1 tefal:1
  auto.accessories.radar 1 274 275 90 0.60 0.75 0.55 7
    neoline:2 sho-me:2 ibox:1
  apparel.trousers 2 274 176 40 0.60 0.28 0.00 8
    sly:3 -:2
  apparel.dress 2 274 176 31 0.60 0.28 0.00 8
    mltl:4 sly:1
  accessories.umbrella 1 274 44 25 0.60 0.45 0.02 8
    xiaomi:3 hoco:2
  country_yard.furniture.hammok 1 274 44 229 0.60 0.50 0.02 8
    ventara:3 palisad:2
  auto.accessories.winch 1 219 55 581 0.60 0.75 0.55 8
    t-max:4
  kids.swing 1 219 124 273 0.60 0.50 0.30 8
    -:4
  sport.trainer 4 219 124 450 0.60 0.35 0.02 8
    housefit:4
  computers.ebooks 1 219 55 128 0.60 0.62 0.30 7
    pocketbook:4
  country_yard.cultivator 1 219 55 126 0.60 0.50 0.02 8
    huter:3 viking:1
  auto.accessories.parktronic 1 219 124 31 0.60 0.75 0.55 8
    parkmaster:3 flashpoint:1
  construction.components.faucet 1 164 165 40 0.60 0.70 0.02 8
    decoroom:2 rossinka:1
  apparel.shoes.espadrilles 1 164 73 23 0.60 0.28 0.00 8
    rieker:3
  apparel.tshirt 1 164 73 41 0.60 0.28 0.00 8
    -:2 puma:1
  furniture.bedroom.blanket 1 164 165 73 0.60 0.35 0.20 8
    -:1 alvitek:1 askona:1
  apparel.shoes.step_ins 1 110 110 44 0.60 0.28 0.00 8
    greyder:2
  sport.tennis 2 110 110 64 0.60 0.35 0.02 8
    -:1 head:1
  sport.snowboard 2 110 110 269 0.60 0.35 0.02 8
    ride:1 thule:1
  electronics.camera.photo 1 110 110 641 0.60 0.95 0.60 8
    canon:2
  electronics.audio.music_tools.piano 1 55 55 52 0.60 0.95 0.60 8
    m-audio:1
  apparel.shirt 1 55 55 30 0.60 0.28 0.00 8
    dion:1
  apparel.jacket 1 55 55 50 0.60 0.28 0.00 8
    aivengo:1
  apparel.jeans 1 55 55 56 0.60 0.28 0.00 8
    -:1
  sport.ski 1 55 55 334 0.60 0.35 0.02 8
    elan:1
  apparel.scarf 1 55 55 18 0.60 0.28 0.00 8
    fabretti:1
  apparel.sock 1 55 55 22 0.60 0.28 0.00 7
    -:1
  appliances.kitchen.coffee_grinder 1 55 55 23 0.60 0.75 0.30 8
    scarlett:1
  apparel.shoes.ballet_shoes 1 55 55 14 0.60 0.28 0.00 8
    -:1
  apparel.skirt 1 55 55 17 0.60 0.28 0.00 8
    -:1
  apparel.belt 1 76 66 40 0.60 0.28 0.00 8
    -:3
  apparel.glove 1 76 66 40 0.60 0.28 0.00 8
    -:3
  apparel.jumper 1 76 66 40 0.60 0.28 0.00 8
    -:3
  apparel.shorts 1 76 66 40 0.60 0.28 0.00 8
    -:3
  appliances.environment.fan 1 76 66 40 0.60 0.75 0.30 8
    -:3
  appliances.environment.climate 1 76 66 40 0.60 0.75 0.30 8
    -:3
  appliances.kitchen.fryer 1 76 66 40 0.60 0.75 0.30 8
    -:3
  appliances.personal.massager 1 76 66 40 0.60 0.75 0.30 8
    -:3
  auto.accessories.anti_freeze 1 76 66 40 0.60 0.75 0.55 8
    -:3
  computers.components.sound_card 1 76 66 40 0.60 0.62 0.30 8
    -:3
  computers.peripherals.camera 1 76 66 40 0.60 0.62 0.30 8
    -:3
  construction.tools.painting 1 76 66 40 0.60 0.70 0.02 8
    -:3
  country_yard.lawn_mower 1 76 66 40 0.60 0.50 0.02 8
    -:3
  apparel.pajamas 1 77 30 32 0.60 0.28 0.00 8
    -:3
  2053013553559896355 1 43162 13677 50 0.46 0.82 0.08 8
    cordiant:159 triangle:113 nokian:82 yokohama:74 -:55 viatti:33 bridgestone:28 maxxis:22
    matador:21 michelin:15 bfgoodrich:14 comforser:13 kapsen:13 tunga:13 nexen:12
    continental:11
  2053013563651392361 1 17040 5402 245 0.80 0.82 0.08 8
    -:196 lucente:64 sokolov:37 diamant:3 efremov:2 vega:2
  2053013563970159485 1 15359 2378 253 0.81 0.82 0.08 7
    dauscher:80 artel:78 bosch:23 gefest:15 -:14 beko:11 hansa:11 hp:9 redmond:8 shivaki:5
    flama:3 king:3 darina:2 fiesta:2 bosher:1 cezaris:1
  2053013556168753601 1 13677 2299 86 0.79 0.82 0.08 8
    stels:69 force:58 -:24 aeroforce:22 wera:12 tundra:9 bosch:8 stanley:8 partner:6 kolner:5
    cablexpert:4 total:4 marshal:3 matrix:3 jonnesway:2 yato:2
  2053013563693335403 1 10482 3066 186 0.88 0.82 0.08 8
    -:114 sokolov:32 lucente:30 efremov:5 vega:5 teosa:1
  2053013553853497655 1 10202 3881 76 0.97 0.82 0.08 8
    -:83 montale:20 lanvin:14 versace:13 bulgari:6 byredo:6 chanel:5 davidoff:5 gucci:5
    adidas:4 creed:4 dior:4 azzaro:2 mancera:2 moschino:2 nasomatto:2
  2053013557024391671 1 9305 1172 425 0.54 0.82 0.08 8
    -:125 lider:16 sv:9 bts:8 imperial:4 mystar:2 brw:1 ostamebel:1
  2053013553526341921 1 8352 3848 278 0.65 0.82 0.08 8
    skad:60 kipardo:33 -:16 trebl:13 nitro:4 rimax:4 epr:3 rial:3 tech-line:3 bkf:2
    legeartis:2 pdw:2 vissol:2 alcasta:1 vossen:1
  2053013553375346967 1 8072 174 30 0.35 0.82 0.08 7
    xiaomi:125 samsung:6 honor:4 huawei:4 acme:2 garmin:2 canyon:1
  2053013563173241677 1 8016 2652 36 0.66 0.82 0.08 7
    philips:24 vitek:24 rowenta:16 elenberg:15 remington:10 braun:9 polaris:9 babyliss:8
    bene:8 galaxy:6 panasonic:4 scarlett:3 xiaomi:3 dyson:1 gemei:1 moser:1
  2053013564918072245 1 7455 2479 99 1.14 0.82 0.08 8
    -:72 nikotex:12 balta:10 confetti:9 erkaplan:7 kartal:5 karat:4 moldabela:4 erdenet:3
    milat:3 devos:2 prestige:1 solomon:1
  2053013553484398879 1 5942 1382 55 0.35 0.82 0.08 8
    bars:38 crona:10 genesis:8 mutlu:7 volta:6 bosch:5 racer:5 varta:5 energizer:4 voltman:4
    -:3 dynamic:3 t-rex:3 gigawatt:2 autojet:1 kainar:1
  2053013558031024687 1 5101 880 108 0.48 0.82 0.08 8
    luminarc:65 -:24 carlsbad:1 ikea:1
  2053013561218695907 1 4540 452 327 0.81 0.82 0.08 7
    sony:54 microsoft:11 sega:10 nintendo:4 -:2
  2053013552385491165 1 4428 639 49 0.65 0.82 0.08 7
    polaris:21 vitek:20 xiaomi:12 timberk:8 electrolux:6 scarlett:6 redmond:3 ballu:2 ibaby:1
  2053013563584283495 1 4148 585 458 0.44 0.82 0.08 8
    lucente:71 -:2 trollbeads:1
  2053013558525952589 1 4036 1862 15 0.85 0.82 0.08 8
    samsung:50 apple:12 a-case:5 nillkin:3 takeit:2
  2053013552259662037 1 3868 1770 540 0.55 0.82 0.08 7
    -:16 hubert:15 bosch:7 uno:7 rinnai:6 buderus:4 navien:4 riga:3 kogaz:2 unilux:2 daewoo:1
    kovi:1 teploross:1
  2053013558190408249 1 3251 526 36 0.80 0.82 0.08 8
    -:14 granhel:11 rondell:10 ikea:5 tefal:5 elenberg:4 agness:3 polaris:2 bergner:1
    dauscher:1 gipfel:1 tognana:1
  2053013555287949705 1 2915 832 158 0.79 0.82 0.08 7
    bosch:29 vitek:5 -:3 arnica:3 kenwood:3 kitfort:3 gorenje:2 moulinex:2 maxwell:1 redmond:1
  2062461754293617058 1 2859 990 34 0.51 0.82 0.08 8
    -:35 cantra:15 carfashion:1
  2053013560144954031 1 2635 650 149 0.73 0.82 0.08 8
    karcher:24 bosch:10 huter:6 denzel:2 lutian:2 -:1 kranzle:1 makita:1
  2053013559733912211 1 2578 796 223 0.43 0.82 0.08 8
    -:31 bts:8 sv:5 brw:2
  2055156924273394455 1 2522 302 197 0.70 0.82 0.08 8
    -:29 riviera:6 rush:5 intex:3 apache:2
  2127425375913902544 1 2466 354 45 0.38 0.82 0.08 8
    -:35 laston:8 neoline:1
  2053013566067311601 1 2410 232 217 0.35 0.82 0.08 7
    janome:37 jaguar:3 bernina:2 juki:1
  2053013562208551707 1 2410 1174 60 0.51 0.82 0.08 8
    gerat:43
  2061717948493463814 1 2298 488 17 0.67 0.82 0.08 8
    toro:19 -:7 emsa:7 wellberg:4 berghoff:1 bergner:1 vinzer:1 xiaomi:1
  2053013557166998015 1 2186 1023 153 0.37 0.82 0.08 8
    -:12 askona:7 vegas:5 casper:4 rosetta:3 sonel:3 swisshome:3 eurolux:2
  2053013558249128509 1 2130 1139 77 0.66 0.82 0.08 8
    granhel:8 rondell:5 gipfel:4 peterhof:4 tefal:4 bergner:3 verloni:3 bohemia:2 galaxy:2 -:1
    agness:1 nadoba:1
  2085718636156158307 1 2074 541 77 0.46 0.82 0.08 8
    -:26 brw:7 sv:4
  2164367422893589471 1 2074 676 30 0.78 0.82 0.08 8
    -:13 petro-canada:4 toyota:4 bardahl:3 gazpromneft:3 mitasu:3 mobil:3 yacco:3 castrol:1
  2053013562837697343 1 2018 433 9 0.35 0.82 0.08 8
    -:36
  2053013561956893455 1 2018 769 33 0.41 0.82 0.08 8
    -:32 arua:2 lonex:2
  2053013563550729061 1 2018 623 128 0.98 0.82 0.08 8
    lucente:29 vega:4 -:3
  2053013555355058573 1 1794 866 64 0.42 0.82 0.08 7
    redmond:12 polaris:5 galaxy:4 moulinex:4 dauscher:3 vitek:3 scarlett:1
  2053013558223962683 1 1794 1463 65 0.60 0.82 0.08 8
    gipfel:16 -:5 granhel:4 rondell:4 agness:2 maestro:1
  2053013554524586339 1 1794 554 167 0.60 0.82 0.08 7
    lg:17 panasonic:11 sony:4
  2053013561277416167 1 1738 377 58 0.57 0.82 0.08 8
    ea:13 -:11 sony:6 bethesda:1
  2053013556462354899 1 1738 56 63 0.35 0.82 0.08 8
    omron:30 -:1
  2053013558895051365 1 1682 833 25 0.91 0.82 0.08 8
    embryolisse:7 gehwol:7 -:6 arkadia:2 vichy:2 wonderlab:2 glamglow:1 guerisson:1 nuxe:1
    origins:1
  2053013558458843721 1 1682 748 21 0.55 0.82 0.08 8
    xiaomi:20 canyon:2 hoco:2 remax:2 hiper:1 iwalk:1 ritmix:1 svc:1
  2102307650380235197 1 1626 774 273 0.45 0.82 0.08 8
    pt-group:11 lux:6 thule:5 broomer:4 -:3
  2053013557452210699 1 1570 893 185 0.40 0.82 0.08 8
    erlit:20 domani-spa:5 -:1 radaway:1 triton:1
  2053013554994348409 1 1513 503 62 0.35 0.82 0.08 8
    redmond:24 clatronic:1 maxwell:1 tristar:1
  2053013552989470973 1 1513 369 88 0.35 0.82 0.08 7
    svc:27
  2053013563424899933 1 1513 503 241 0.65 0.82 0.08 8
    -:26 sokolov:1
  2053013553912217915 1 1457 863 190 0.61 0.82 0.08 8
    pioneer:9 kicx:5 pride:4 jvc:2 -:1 alpine:1 audison:1 hertz:1 kenwood:1 skylor:1
  2053013562250494749 1 1457 1065 15 0.90 0.82 0.08 8
    gerat:19 febest:7
  2144356630513320518 1 1401 543 1390 0.35 0.82 0.08 8
    omabelle:25
  2053013553199186187 1 1345 1042 31 0.97 0.82 0.08 8
    -:14 barbie:2 hasbro:2 besty:1 firepower:1 lanard:1 playgro:1 roxy:1 welly:1
  2053013566562238479 1 1345 834 7 0.60 0.82 0.08 8
    -:15 elysium:8 garant:1
  2053013562611204913 1 1345 1042 6 0.64 0.82 0.08 8
    -:21 machaon:3
  2053013556277805513 1 1289 677 44 0.68 0.82 0.08 8
    crown:6 -:5 bosch:5 alteco:4 makita:1 oasis:1 p.i.t.:1
  2053013557645148695 1 1233 617 412 0.64 0.82 0.08 8
    fender:9 squier:7 cort:6
  2061717937420501730 1 1233 315 152 0.67 0.82 0.08 8
    -:21 hubert:1
  2053013557066334713 1 1177 742 123 0.35 0.82 0.08 8
    -:11 brw:7 bts:2 sv:1
  2096280601366626625 1 1177 557 49 0.63 0.82 0.08 8
    -:11 autoprofi:3 rockforce:3 sparta:2 matrix:1 stels:1
  2053013561604571899 1 1177 742 43 0.67 0.82 0.08 8
    -:18 internedoors:3
  2053013553165631753 1 1121 779 44 1.12 0.82 0.08 7
    lego:18 -:1 bela:1
  2053013554071601477 1 1121 585 40 0.47 0.82 0.08 7
    aerocool:9 -:4 thermaltake:3 deepcool:2 cougar:1 nzxt:1
  2053013558131687989 1 1121 222 36 0.63 0.82 0.08 8
    kukmara:11 -:6 grillver:3
  2053013555380224399 1 1121 1001 466 0.42 0.82 0.08 8
    -:13 sv:6 brw:1
  2053013552821698803 1 1065 295 20 0.55 0.82 0.08 7
    tp-link:13 mercusys:2 xiaomi:2 d-link:1 tenda:1
  """
