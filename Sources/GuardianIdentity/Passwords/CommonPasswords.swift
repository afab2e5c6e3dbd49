/// The passwords that are tried first, from lists that have been public for years and from what cameras and recorders are
/// delivered with. Shorter ones than the rules allow are left out. In lower case: `Password1` is as common.
package enum CommonPasswords {
    package static func contains(_ password: String) -> Bool { all.contains(Substring(password.lowercased())) }

    package static let all = Set(list.split { $0 == " " || $0 == "\n" })

    private static let list = """
        !qaz2wsx 00000000 000000000 0000000000 01010101 01234567 012345678 0123456789 0987654321 10203040
        11111111 111111111 1111111111 11223344 1122334455 112233445566 12121212 12312312 123123123 123321123
        12341234 12344321 1234512345 123454321 123456123456 12345678 123456789 1234567890 123456789a 12345678a
        1234567a 123456abc 123456qwerty 12345abc 12345qwert 1234abcd 1234qwer 123qwe123 123qweasd 13579246
        135792468 147258369 159753456 19283746 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx 1qaz2wsx3edc 1qazxsw2
        20202020 22222222 23456789 246813579 31415926 314159265 33333333 44444444 55555555 66666666 69696969
        741852963 77777777 789456123 87654321 88888888 888888888 963852741 98765432 987654321 9876543210
        99999999 999999999 a12345678 a123456789 a1b2c3d4 a1s2d3f4 aa123456 aaaaaaaa aaaaaaaaa abc12345
        abc123456 abc123abc abcabcabc abcd1234 abcd12345 abcde12345 abcdefgh abcdefghi access123 access14
        admin123 admin1234 admin12345 admin123456 admin888 admin8888 admin@123 adminadmin administrator
        administrator1 alexander alexandra arsenal1 asdasdasd asdf1234 asdfasdf asdfghjk asdfghjkl asdfghjkl;
        asdfqwer azerty123 azertyui azertyuiop barcelona baseball baseball1 basketball batman123 bayern123
        benjamin bienvenue blink182 butterfly camera123 cameracamera changeit changeme changeme1 changeme123
        charlie1 chelsea1 chocolate christian computer computer1 corvette dahua123 danielle default1 default123
        dragon123 dragonball elizabeth family123 football football1 foscam123 friends1 frigate123 fussball
        geheim123 goodmorning guardian guardian1 guardian123 guest123 guestguest hallo123 hallohallo hannah123
        hello123 hellohello helloworld hikvision hikvision1 hikvision123 homeassistant ichliebedich iloveu123
        iloveyou iloveyou! iloveyou1 iloveyou123 iloveyou2 internet internet1 ipcamera jennifer jennifer1
        jessica1 jetaime123 jonathan jordan23 juventus letmein! letmein1 letmein12 letmein123 liebling
        liverpool liverpool1 login123 lovelove loveme123 loveyou1 manchester master123 mercedes metallica
        michael1 michelle minecraft minecraft1 monkey123 mustang1 mylove123 mypassword mypassword1 mysecret
        newpassword nicholas nirvana1 openopen opensesame operator p@ssw0rd p@ssw0rd! p@ssw0rd1 p@ssword
        pa55w0rd pa55word passpass passphrase passw0rd passw0rd! password password! password01 password1
        password1! password12 password123 password1234 password2 password2024 password2025 password2026
        password99 passwords passwort passwort1 passwort123 patricia pokemon1 pokemon123 princess princess1
        princess123 protect123 q1234567 q1w2e3r4 q1w2e3r4t5 qazwsx123 qazwsxedc qwaszxqw qwe123qwe qweasdzxc
        qweqweqwe qwer1234 qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwerty321 qwertyqwerty
        qwertyui qwertyuiop qwertz123 qwertzui qwertzuiop raspberry raspberrypi realmadrid recorder reolink123
        root1234 rootpass rootroot samantha schalke04 schatz123 scooby123 secret123 secretsecret security
        security1 security123 service1 shadow123 snoopy123 softball sommer2025 spiderman starwars starwars1
        sternchen summer123 summer2024 summer2025 sunshine sunshine1 sunshine123 superman superman1 supervisor
        support1 surveillance system123 teamomucho temp1234 tequiero test1234 test12345 testing1 testing123
        testtest thepassword tigger123 toor1234 trustno1 ubntubnt unifi123 user1234 useruser victoria video123
        welcome! welcome1 welcome12 welcome123 whatever whatever1 willkommen winter123 winter2024 winter2025
        x1234567 xxxxxxxx yourpassword zaq12wsx zaq1zaq1 zxcvbnm, zxcvbnm,. zxcvbnm1 zxcvbnm123 zxcvzxcv
        zzzzzzzz
        """
}
