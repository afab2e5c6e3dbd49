import Crypto
import Foundation

/// The words and names of which the commonest passwords are made, in lower case: with the rules of `EasyPasswords`, they cover the 3,000
/// commonest passwords of eight characters and more in a public list of leaked ones. Many are cut off after eight characters, as old systems did
/// it, and some are words of other languages typed on a keyboard that was set to English.
enum CommonWords {
    /// What one of them costs to guess, as a power of two.
    static let bits = 11.0

    static let all = Set(list.split { $0 == " " || $0 == "\n" }.map(String.init))

    static func contain(_ word: String) -> Bool {
        if all.contains(word) { return true }
        let digest = SHA256.hash(data: Array(word.utf8)).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return hidden.contains(digest)
    }

    /// Words as which a text can be read whose letters are written as what looks like them, or backwards.
    static func plain(_ text: [Character]) -> [String] {
        let spelt = (["i", "l"] as [Character]).map { one in
            String(text.map { $0 == "1" || $0 == "!" ? one : lookalikes[$0] ?? $0 })
        }
        return spelt + [String(text.reversed())]
    }

    /// Letters that characters stand for. 1 and ! stand for two.
    private static let lookalikes: [Character: Character] = [
        "0": "o", "|": "l", "3": "e", "4": "a", "@": "a", "5": "s", "$": "s", "7": "t", "+": "t", "8": "b", "9": "g",
        "(": "c",
    ]

    private static let hidden = Set(digests.split { $0 == " " || $0 == "\n" }.compactMap { UInt32($0, radix: 16) })

    /// The beginnings of SHA-256 of words that nobody should have to read here, and of passwords that look as if they were somebody's.
    private static let digests = """
        026c6f9b 02d32f28 03491392 0574b023 05944289 06a1d8bf 07151390 08775183 08b5c415 08d210e5 09b632db 0b478d0e
        0c96cb4b 0d53a85e 0f28c496 0fe9115a 118011be 12e03a32 13a5be79 13d249f2 14a40534 14f31dd9 1567178d 1704e2ee
        175f3c4f 176c1e69 19313072 1938caca 1aedb843 1c699d06 1dd78bde 1eafe826 2142b812 223ea095 227bb0ec 24024308
        2440d4c6 24e0f0ae 253c2e78 26578569 271e56d9 274c6be1 27eecf97 28f61551 2a6060b5 2b4a59fe 2d2c85f6 2d8c911e
        2f72ee89 302ec21b 30a989af 32d08300 338a518d 3436251b 349dbf5a 3677138c 36e3cf46 38159147 38307830 384be347
        3c333102 3c9d411f 3c9fa21d 3d011e92 3eba820e 3eef0cd1 3f132995 3f7c82d6 40b4783c 41e302da 420e08fa 42348ca5
        42b910b4 446925ce 44a214b4 4536d240 454197ba 48166c7c 4a76d6a7 4a973ffe 4ab1335c 4dbb146e 4e8f1365 4eccdc6a
        4ef5add5 4fbb1929 526f9816 534f529c 54338b56 57ca7679 59b26182 5b2e4c76 5b884c6f 5c815bee 5ce5fd5a 5f2fd2b1
        5f3b3b61 60547bb4 6161b0a2 61dd29f2 62684d63 62d708fc 6460624c 64709cc1 65584fdb 65e3b584 667439cc 66ebd4dd
        695e7e93 6a0b8f4c 6b4f385d 6b6cb0ea 6c6ada59 6c7dd80b 6d7413d3 6da9efdb 6f03b6d7 6fe56055 714ea008 7154c6ee
        727e5ae3 74305616 7430a3be 75776ea7 75c20970 75f2e8dd 775b9c20 793f4be4 795847ef 7acfbc10 7b3f7584 7be88e12
        7c4a5c24 7c5c125a 7cd5191c 7d5e038d 7f7f8a60 7f82f72a 7fb978cb 80d71140 813c591b 819210ab 819837a1 81e5b1e6
        82806627 82d243e8 83ddce42 8506295d 87e9fe01 8907a499 89378a62 89fdb8a7 8a477c5a 8ad69f21 8b876e57 8bbe1842
        9065a54a 93433e08 9348041a 93a4751d 9480000f 954bee50 97f68329 98fc0736 9a4eac2d 9a869c1f 9bd9aa0d 9ce65878
        9cf4c612 9ecc81f0 9fb87b21 9fc26cce a0b8143c a1c7a5ec a259276a a30c89b4 a467a313 a5ac1f96 a78ae4b4 a7c83bb7
        a7de009f a8fd10a4 ac299f24 acf45488 ad1eacd5 ae5deb86 ae898748 af42fb2c b0cd76b7 b14c8b30 b2c3b646 b2d22825
        b371dbc4 b3ef4a9f b42eef13 b5c4425b b64416d7 b6c903f9 b7fc6eaa b846e9cb bcd1642b bcedcf24 bdd15274 bdd60c4f
        bf0ae273 bf112a8e bfa120b9 c05aa0b2 c0e21a8f c1a7c203 c1f1aff3 c23170dd c525bfb9 c6e7ed27 c72b02f8 c882133e
        c8bd849e c92d52a0 c9567ead ca51a0ea caa11029 cbef8206 cf631733 d048461a d06690f9 d11f3961 d1fe0b3c d28efbe3
        d2dafa2e d4d9ca18 d70ff1fa d7ce9215 d86eec85 d8aafc4b d98c8663 d9be2780 da154afd db5cbd46 dc391a35 dc4d53ba
        dd158c21 de280200 dfaa4922 e11779b2 e15d1292 e273db21 e3e3164b e47dc0ee e5cd1243 e5ea8f74 e5fa9445 e9b5f32d
        ec042e52 ed45d626 ed8b9be2 eee5cb66 efaaeaef f13a72ce f40616bf f40b530e f50c51ed f6382a96 f64dc92b f68e3ecd
        f69f93b0 f6dbd3d7 f7bcd2d4 f9d5371c fa15cfb4 fe8a0bf1 fec5d80c ffca3312 ffcdaa9e fff54945
        """

    private static let list = """
        aardvark aberdeen abnormal abracadabra abrakadabra acapulco access account achilles acidburn adgjmptw
        adrenalin adventur aerosmit agent airborne airforce airplane alabama albatros alcatraz alejandr aleksander
        aleksandr alessand alessandro alex alexande alexander alexandr alfarome algernon aligator alkaline allblack
        alleycat alligator allison allnight allstate alpha alphabet alphaman alterego amanda amarillo amateurs
        ambrosia amcrest america amethyst amoremio amsterda amsterdam anaconda anakonda anastasi anastasiya andreas
        andrew andromed andromeda andyod angel angelito anhyeuem anna antelope anthony antigone antonio apollo apple
        applepie april aquafina aquarius arabella arcangel archange architec argentin arizona arlo armageddon
        armagedon armstron arsenal ashley asmodeus aspirine assassin astalavista astonvil atlanta atlantis atreides
        august augustin austinei australi autumn avalanch avangard awesome axis baberuth babushka baby babybear
        babyblue babycake babydoll babyface babygirl babylon babylove backbone backdoor badabing badkarma
        badnaamhere baerchen bailey bajingan balloons baltimor banana baracuda barbados barbara barcelon barcelona
        baritone barracud barselona basebal baseball basketba batman bayern baywatch bcfields beachbum bearcats
        beatles beautifu beckham beefcake beethove bellagio benessere bergkamp berlin bernhard bettyboo bgates
        bienvenue bigblock bigbucks bigdaddy bigmoney bigpoppa bigtruck billabon billybob billyboy biohazard
        bionicle birthday bismarck bismilla bismillah black blackbel blackbelt blackberry blackbir blackboy blackcat
        blackdog blackhaw blackice blackjac blacklab blackops blackout blahblah blaster blessed blessing blink
        blizzard blondie blondinka bloopers blowfish blue blueball bluebell blueberr bluebird blueeyes bluefish
        bluejays bluemoon bluenose bluesman bluestar bobafett bobdylan bobmarle bobmarley bonethug bonjour boogaloo
        bookcase bookworm borabora bordeaux boris borussia bradley brandon bravehea braveheart brian brighton
        broncos brooklyn brother browndog brucelee bruno bubba bubblegum bubbles buckeye buckeyes buckshot buckwhea
        budapest buddy buddyboy buddydog budlight budweise buffalo bugsbunn bukowski bulldawg bulldog bulldogs
        bullfrog bullseye bullwink buratino businessbabe buster butterfly bynthytn cabernet cadillac calamity
        caliente californ caligula calimero callisto callofduty camaro camaross cambiami cambridg camelot cameron
        candyman cannibal cannonda cantona capetown capital capitals capoeira capricor capricorn capslock captain
        cardinal carebear careibeg carlitos carnival carolina carpedie carpente cartman cartoons casablanca casanova
        caseydog cashflow cashmone cassandr catdaddy catfight catherin catwoman cavalier cdtnkfyf cerberus cfitymrf
        chainsaw challeng champion changed changeme chargers charisma charles charlie charlott charlton checkers
        checkmat cheese chelsea cherokee cherries cheshire chester chevelle chevrole chevys chewbacc cheyanne
        cheyenne chicago chicken chickens chickenwing chipmunk chipper chocolat chocolate choochoo chopper choppers
        chris chrisbln chrissy christia christin christma christop christophe chrysler chuckles churchil cinnamon
        citibank civilwar cjkysirj clarinet classics claudia claymore cleopatr clevelan clippers cnfybckfd cocacola
        coffee coldbeer coldplay colombia colorado colossus coltrane comanche comicbookdb commande commando computer
        concorde concrete consumer contortionist control cookie cooldude coolgirl coolhand coolness copenhag
        corleone cornhole corvet costaric cosworth coventry cowboys cowboyup crazybab crazyman creative creepers
        crescent cricket crjhgbjy crocodil crusader crystal cucumber culinary cutiepie cxfcnkbdfz cyclones cygnusx
        cynthia daedalus dagobert dahua daisydog dallas dangerou daniel dannyboy daredevi darkange darkangel
        darklord darkness darkside darkstar darthvad darthvader david davidoff daydream dbrnjhbz deadhead deadpool
        deadspin death deathnote deathrow debian deborah december deepblue deerhunt default deftones delpiero demo
        demon designer desperado destiny detectiv detroit deutschland devildog devilman devilmaycry dfcbkbcf
        dfktynby dfktynbyf dhjnvytyjub diamante diamond diamonds dietcoke digital dilbert dima dinosaur dirtbike
        dirtydog discover dkflbckfd dkflbvbh dkflbvbhjdbx dkflbvbhjdyf doberman dodgeram dodgers doggydog doghouse
        dogpound dolemite dolphin dolphins domainlock domenico dominika dominion dominiqu dontknow doomsday doorknob
        dortmund doughboy douglas downhill dragon dragonba dragonballz dragonfl dragrace dragster dreamcas dreamer
        drjynfrnt dropdead dropkick drpepper drummer dthjybrf dtkjcbgtl dtxyjcnm ducati duckhunt duracell dutchess
        dutchman dynamite earnhard earthlin earthlink eastside eastwood edinburg edward eggplant eightbal einstein
        ekaterina elbereth elcamino eldiablo eldorado electric electron element elephant eleven elisabet elizabet
        elizaveta elvis embalmer emily emma emmitt enforcer engineer england enter enternow enterpri enterprise
        envision ericsson erjsilatqe escalade escorpio espresso eternity ethernet eufy euphoria evanescence evangeli
        evangelion evergree everlast everques everton evildead evolutio excalibu excellen explorer express fabienne
        facebook failsafe fairlane falstaff family fandango fantasia fantasti fantasy fantomas farscape fastball
        fastcars favorite fearless feathers february feelgood felix ferrari fgtkmcby fhvfutljy fidelity finalfantasy
        fireball firebird fireblad firefigh firehawk fireman firestar firestorm firewall fishbone fishcake fisherma
        fisherman fishface fishhead fishing fishtank fivestar fkbyjxrf fktrcfylh fktyeirf flamengo flamingo flashman
        flathead flexible flipflop flipmode flipper florida flounder flower flowers flvbybcnhfnjh flyers football
        footlove fordtruc forever forgetit formula forsaken fortnite foscam foxylady francesc francis francisc frank
        frankie freckles frederik freebird freedom freefall freiheit frenchie friday friends friendster frigate
        front frontier fruehling fruitbat fujifilm fullback fullmoon funstuff funtimes fussball futurama futyn
        fuzzball fyfcnfcbz fyfnjkbq fynjybyf fyutkbyf fyutkjxtr gabriell galeries gallaries gamecube gameover
        gandalf gannibal garfield gargoyle gateway gatorade gbgbcmrf gbhfvblf geheim geibcnbr general genesis george
        georgia geraldin germany geronimo getmoney gfhjkm ghbdtn ghbdtnbr ghbdtndctv ghbdtnrfrltkf ghblehjr
        ghbywtccf ghjcnbnenrf ghjcnjgfhjkm ghjcnjnfr ghjdthrf ghostrider gianluca gigabyte ginger girfriend giveitup
        gizmodo gladiato gladiator glendale glennwei glenwood gobigred godbless godfathe godfather godsmack godspeed
        godzilla gogators goldeney goldfing goldfish goldrush goldstar goldwing golfball golfclub golfer good
        goodfell goodgirl goodison goodlife goodluck goodtime goodyear goofball google gooseman gordon gorillaz
        gotigers grandpri graywolf greatone green greenbay greenday greenman greentea gregory greyhoun greywolf
        groupd gsxr gtnhjdbx guesswho guillaum guillerm guinness guitar gulliver gymnastic hacker hairball halflife
        hallo hallowee hamburg handball handyman hannah hannibal hannover happines happy happyday happydog happyman
        hardball hardrock hardwood hardwork harrypotter hase hatteras hattrick hawaii hawaiian hawkeye hawkeyes
        hawkwind hawthorn hayabusa headless headshot heather heaven hedgehog heineken heinlein hellfire hello
        hellohel hellokitty hellsing hellyeah herbst hercules herewego hermes hermione hernande hershey hetfield
        highbury highheel highland highlander highlife hikvision hillbill hillside hockey hogwarts holiday hollywoo
        homeassistant homemade homepage hondacbr honeybee honeybun honeydew hongkong honolulu hooligan hoosiers
        horseman horsemen hotstuff hounddog housewife housewifes houston htubcnhfwbz hugoboss hulkster hunter
        hurrican huskers hyperion icecream icehouse idontkno idontknow ignatius ihateyou ijrjkflrf ilikepie illmatic
        illusion ilovegod iloveyou ilya immortal implants imtheman india infiniti infinity insomnia inspiron
        internet intrepid intruder inuyasha invictus ireland irishman ironhors ironmaiden ironman islander istanbul
        istheman italiano iverson jackson jakester jamaica james jamesbon january japanees jasmine jason jayhawks
        jbond jediknig jeepster jefferso jeffrey jellybea jennifer jessica jesus jiggaman johannes john johncena
        johndeer johngalt johnson jonas joseph josephin joshua joystick july june junkmail jupiter jurassic justafun
        justdoit justice justin justinbieber juventus kakashka kamikadze kamikaze kangaroo karolina katarina
        katerina kawasaki kazanova kazantip kcchiefs kenneth kennwort kenworth kevin keyboard keystone kfcnjxrf
        kickflip kikimora killzone king kingfish kingkong kingston kitty kittycat kittykat kjrjvjnbd kleopatra
        klondike knuckles komputer konstantin kordell koroleva krasotka kristen kristin krokodil labrador lacrimosa
        lacrosse ladybird laetitia lagwagon lakers lakeside lakewood lalakers lambchop lamborghini lancaste lancelot
        landrove lapochka laracroft laserjet lasttime lasvegas laura lavalamp leavemealone lebowski lebron leedsutd
        lemmings lemonade lenochka leon leonidas letmein letmeinn letsdoit letsplay lfitymrf libertad liberty liebe
        liebling lifehack lifeisgood lighthou lightnin lilwayne limewire lincoln lindsay lindsey lineage linux
        lionhear lionheart lionking littlema livelife liverpool livewire ljxtymrf lockdown locked lockerroom
        logitech lokomotiv london lonesome lonestar lonewolf longhair longhorn longjohn longshot losangel losangeles
        lotus love lovehate lovelife lovely loveme loverboy loverman loveyou lowrider lucky luckydog luckyone
        ludacris lukas lunchbox luscious macaroni macdaddy macgyver machoman macintos mackenzi madagaskar madala
        maddison madison madonna madrid magellan maggie magic magician magicman magnum mahalkita majestic makaveli
        makeitso maksimka mallorca mallrats mamacita mamochka manager manchest mandarin mandingo mandolin mandrake
        manhatta mannheim manunited maradona marajade marathon marauder marcello march marcius margarit maria
        mariners marines marino mariposa marishka mark marketin markus marlboro marseill marseille martin maryjane
        masamune maserati masha mashaott master masterkey mastermi mastermind matchbox matthew matthias maurizio
        maurolarastefy maus mausi maverick maximilian maximus maxpayne maxpower maxwell mazafaka mazda mazdarx
        meandyou meatball meathead meatloaf mechanic megadeth megatron melanie melissa meowmeow mephisto mercedes
        mercury meridian mersedes metallic metallica michael michele michelle michigan microlab microphone microsof
        microsoft midnight mike milamber milhouse milkyway millenium million millwall minecraft minnesot miranda
        mischief misfit misiaczek mississi mollydog monalisa monday money moneyman mongoose monika monique monkey
        monkeybo monkeyma monkeyman monolith monopoly monster montana montecar montecarlo monterey montreal montrose
        moonbeam moonligh moonlight moonshin morozova morpheus morrowind mortgage morticia mortimer motdepasse
        motherlode motocros motorcyc motorola mountain mudar mudvayne muenchen munchkin mushroom music musicman
        mustang mustangs myfriend mynameis mypasswo myspace myxworld nadezhda nancy nascar nastenka natalie natascha
        natasha natedogg nathanie nautilus navigato navigator navyseal nbuhtyjr nebraska needforspeed nemesis nemrac
        netscape nevermin nevermind nevermor nevermore newcastl neworder newpass newport newproject newstart newyork
        nicole nightmar nightowl nightwin nightwish nineball nineinch ninja nintendo nocturne nokia nokian noname
        nonmembe normandy nosferatu nostromo notebook nothing notredam nounours november novikova nthvbyfnjh
        ntktdbpjh nuttertools nygiants nyyankee oblivion obsidian october office olivia omegared onepiece open
        opendoor optimist optiplex orange outsider overkill overlord packard packers paintbal pakistan paladin
        pallmall palmtree panasoni panasonic pandora panorama pantera panther panthers papabear paperino papillon
        paradigm paradise paramedi paramore paris parlament parsifal partizan pasadena pass passcode passmast
        passport passthie passwd passwor patches pathfind pathfinder patrick patriots patrizia patterso paul
        pavement pavilion payton peaceout peaches peanut pearljam peekaboo pegasus penguin penguins pennstat
        pennywis penthous pepper pepsi peregrin perfect pertinant peter peterbil peterpan petra petrovich phaedrus
        phantom pharmacy phialpha philippe phillies phoenix pianoman piercing pineappl pinetree pingpong pinkfloy
        pinnacle pipeline pippen piramida pitchers pizzahut pizzaman plastics platinum platypus playball playmate
        playstat playstation playtime please plymouth pokemon polaroid pontiac poohbear poophead popcorn porkchop
        porsche portland portugal poseidon power powerman preacher precious predator prelude presario presiden
        pretty prince princesa princess princessa princeto pringles priscill private priyanka protect pufungattb
        pumpkin pumpkins punisher punkrock puppy puppydog purple pyramid pyramids qazwsxed qazwsxedc qazwsxedcrfv
        queen qweas qweasdzxc qwert radiohea ragnarok raiders rainbow rainbows raindrop rainyday raistlin rammstei
        rammstein ramstein rangers rapunzel raspberry raspberrypi rasputin rastaman raymond realmadrid rebecca
        reckless redalert redbaron reddwarf redheads redlight redneck redskins redstorm redwings reloaded remingto
        renegade reolink revival revoluti revolver rfgbnjirf rfhfvtkmrf rfhfylfi rfhlbyfk rfhnjirf rfnthbyf rfntymrf
        rfvfcenhf rhbcnbyf rhfcfdbwf rhfcjnrf rhjrjlbk rhtdtlrj riccardo richard rickster riffraff rightnow riverrat
        riversid rjhjktdf rjirfrgbde rjycnfynby rktjgfnhf roadkill roadking roadrunn roadrunner roadster robert
        robinhood robotech robotics rocket rockford rockhard rocknrol rockstar rocky rolltide romanova romashka
        ronaldinho roosters rootedit rosebud rosewood rsalinas runescape rush rushmore russell russian rustydog
        sabine sabrina sailboat salamander salasana saltydog salvator samadams samantha sammy sammydog sample
        samsung sandiego sandman sandrine sanity santacru sapphire sarah sarajevo saratoga satellit saturday
        sausages saxophon scarface schalke schatz schnuffi scirocco scooby scoobydo scooter scorpio scorpion
        scotland scrabble scrapper screamer seahawks seahorse seattle sebastia sebastie secret seinfeld seminole
        semperfi senators sentinel sephirot sephiroth septembe september seraphim serenity sergbest sersolution
        service sevenof sfgiants shadow shamrock shaney shannon sheepdog sherlock shevchenko shinigami shotokan
        showtime shredder sidekick sidewind sigmachi silver silverad simpsons singapor sinister sithlord skateboard
        skeeter skidoo skipper skittles skorpion skydiver skywalke slamdunk slapnuts slapshot slimshad slimshady
        slipknot slippery slowhand smackdow smeghead smile smirnoff smirnova smoke smokedog smoothie snakeman
        snapshot sneakers snickers snoopdog snoopy snowball snowbird snowboar snowflak snowman snuggles soccer
        socrates softtail software sokolova solitude solnishko sommer songbird sony sonyericsson sonyvaio sooners
        sophia sopranos soulmate southpar southpark southpaw southside spaceman sparhawk sparkles spartan spartans
        special specialk spectrum spencer spiderma spiderman spitfire splatter splinter spongebo spongebob spring
        sprinter sprocket squirrel srinivas stallion stamford stanislav stanley starbuck starcraf starcraft stardust
        starfire starfish stargate starligh starlite starship start startrek starwars steelers stefan stephani
        stephen sternchen steven stewart stickman stigmata stiletto stinger stingray stocking stonecol stonewal
        stoppedby stranger stratfor strawber strawberry streaming sublime submarin success summer summertime
        sundance sunday sunderla sundevil sunflowe sunlight sunnyday sunshine super superbow superfly superman
        supernov supersonic supersta superstar support surveyor survivor svetlana swallows sweetnes sweetpea
        swimming swinging swordfis sylveste syncmaster synology syracuse system tacobell taekwondo tailgate takamine
        talisman tamerlan tampabay tangerin tarheels tazmania teacher teamwork technics teddybea telephon temp
        temptress tenerife tennesse tennis terminat terminator terrapin terriers test testibil testing thailand
        thanatos thankyou thebeast theclash thedoors theforce thegreat therock thesaint thething thetruth thisisit
        thomas threesom thuglife thunder thunderb thursday tiberian tiberius tickling ticklish ticktock tiffany
        tiger tigercat tigger timelord timothy timoxa tinkerbe tinkerbell titanium titleist tkbpfdtnf tokiohotel
        tomahawk tommyboy tomservo tonyhawk tooltime toonarmy topolino topsecre topsecret toriamos tortoise tottenha
        toulouse trailers translator traveler treasure trfnthbyf triangle trinitro trinity triplets trojans trombone
        trooper trouble trousers trucker trucking trueblue truelove truffles trumpet trustno tryagain tuesday
        tunafish turbo turkey twilight tyler ubiquiti ubuntu ufhvjybz ultimate ultraman umbrella uncencored underdog
        undertak undertaker undertow unicorn unifi universa universi ursitesux username usmarine utahjazz vacation
        vagabond valentin valeriya valhalla valkyrie valleywa vampire vancouve vanessa vanguard vanhalen vasilisa
        vauxhall vegas vendetta verbatim veronika verygood vfhbyjxrf vfhnsirf vfhufhbnf vfitymrf vflfufcrfh vfnbkmlf
        vfntvfnbrf vfpfafrf vfrcbvrf vfylfhby victory viewsoni viewsonic vikings viktoria viktoriya vincent violator
        violetta vivitron vjqgfhjkm vkontakte vladimir vladislav vodafone volkodav volkswag volkswagen volleyba
        voyager wachtwoord wanderer wapapapa warcraft wareagle warhamme warhammer warrior warriors washingt waterboy
        waterfal waterloo watermelon waterpolo waterski wdtnjxtr weareieb webhompas webmaste webmaster websol
        websolutions wednesda wednesday welcome wellingt werewolf westside westwood whatever whiplash whiskers
        whistler whiteboy whiteout whitesox whocares whoknows wien wildbill wildcard wildcats wildfire wildwood
        william willkommen winchest windmill windows windsurf wingchun wingzero winston winter wishbone wolfgang
        wolfpack wolverin wonderboy wonderfu woodland woodstoc woodwork woofwoof worldcup wrangler wrestlin wrinkle
        wrinkles wyze yamahar yankees yaroslav yeahbaby yellow yesterda yfcntymrf yfnfitymrf yjdsqgfhjkm yogibear
        yorktown yosemite youandme yourmama youtube ytngfhjkz zachary zanzibar zeppelin zerocool zeus zildjian
        zolushka zuerich zxcasdqwe
        """
}
