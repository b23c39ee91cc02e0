"""Names and words for the swaps of ``augment``: people, places and institutions far from the training corpus."""

FIRST_NAMES = """Sergei Vladimir Dmitry Oleksandr Volodymyr Yulia Natalia Oksana Andriy Petro Viktor Igor Ivan Boris Mikhail Nikolai
Anna Svetlana Maria Mykola Arseniy Vitaly Alexei Yevgeny Tatiana Mehmet Recep Ahmet Fatma Hassan Mohammed Ali Fatima Abdel Omar
Khalid Aisha Yusuf Ibrahim Nadia Leila Amir Reza Javad Benjamin Avi Tzipi Shimon Li Wang Xi Chen Mei Jun Hiroshi Shinzo Yuki Kenji
Sanae Min-jun Ji-woo Moon Narendra Rahul Priya Arun Sunita Imran Nawaz Asif Benazir Nguyen Tran Aung Thein Joko Rodrigo Maria
Jair Luiz Dilma Cristina Mauricio Nicolás Hugo Evo Pedro Javier Carmen Lucia Angela Frank-Walter Ursula Olaf Heiko Annegret
François Emmanuel Marine Jean-Claude Laurent Ségolène Giorgia Matteo Silvia Donatella Boris Theresa Nigel Nicola Jeremy Keir
Jens Anders Margrethe Sauli Radosław Donald Beata Andrzej Viktor Péter Miloš Zuzana Klaus Kaja Dalia Cyril Jacob Thabo Uhuru
Raila Wanjiku Chinua Ngozi Muhammadu Goodluck Kwame Nana Abiy Tedros Paul Félix Denis Emma Grace Jack Olivia Hannah Liam""".split()  # noqa: SIM905

LAST_NAMES = """Lavrov Putin Peskov Medvedev Churkin Shoigu Zakharova Poroshenko Yatsenyuk Turchynov Tymoshenko Klitschko Avakov Zelenskyy
Yanukovych Azarov Kuleba Lysenko Tymchuk Pushilin Zakharchenko Strelkov Aksyonov Bolotov Girkin Yarosh Tyahnybok Kolomoisky Navalny
Nemtsov Lukashenko Nazarbayev Aliyev Saakashvili Erdoğan Davutoğlu Kılıçdaroğlu Rouhani Zarif Khamenei Soleimani Netanyahu Gantz
Livni Abbas Haniyeh Assad al-Moallem al-Sisi Morsi Shoukry al-Jubeir bin-Salman Maliki al-Abadi Barzani Karzai Ghani Sharif Khan
Modi Jaishankar Singh Gandhi Xi Li Wang Hua Geng Zhao Abe Suga Kishida Takaichi Park Moon Yoon Kim Duterte Widodo Najib Mahathir
Suu-Kyi Ardern Albanese Turnbull Morrison Wong Bolsonaro Rousseff Temer Macri Kirchner Maduro Chávez Guaidó Morales López Sánchez
Rajoy Iglesias Puigdemont Merkel Steinmeier Gabriel Scholz Baerbock Schäuble Maas Seibert Hollande Macron Fabius Le-Drian Sarkozy
Renzi Meloni Mogherini Salvini Cameron Hague Johnson May Sturgeon Corbyn Starmer Stoltenberg Rasmussen Bildt Ashton Tusk Sikorski
Juncker Barroso Schulz Orbán Szijjártó Zeman Babiš Rutte Timmermans Mandela Zuma Ramaphosa Malema Kenyatta Odinga Buhari Jonathan
Adesina Kagame Museveni Desalegn Ban Guterres Šimonović Bociurkiw Breedlove Lungescu Nuland Pyatt Psaki Okafor Mbeki Nakamura
O'Brien MacDonald Svensson Virtanen Novak Horvat Kovács Ionescu Papadopoulos Tsipras Varoufakis Silva Costa Fernandes Haddad""".split()  # noqa: SIM905

PLACES = """Ukraine Russia Kyiv Moscow Crimea Donetsk Luhansk Sevastopol Simferopol Mariupol Kharkiv Odessa Slavyansk Brussels Berlin Paris
London Warsaw Vilnius Minsk Geneva Ankara Tehran Beirut Damascus Baghdad Cairo Tripoli Beijing Tokyo Seoul Delhi Islamabad Manila
Jakarta Canberra Ottawa Caracas Havana Brasilia Lagos Nairobi Pretoria Addis-Ababa""".split()  # noqa: SIM905

TITLES = frozenset(
    """Mr Mr. Mrs Mrs. Ms Ms. Dr Dr. Sen Sen. Rep Rep. Gov Gov. President Senator Governor Secretary Speaker Judge Justice Mayor
Professor Prime Minister Foreign Defense Chairman Director Attorney General State House Vice Former Chief The A An In On At But
And For If He She They It We I You His Her Their This That Some Many Most""".split()  # noqa: SIM905
)

GROUPS = frozenset(
    """University College Institute Department Times Post Journal News Press Court Committee Party Association Council Union
Center Foundation Bank Office Agency Service Bureau Commission Church School Hospital Company Inc Corp Group""".split()  # noqa: SIM905
)

SWAPS: dict[str, tuple[str, ...]] = {
    "White House": ("Kremlin", "Foreign Ministry", "Elysée Palace", "Downing Street", "Chancellery", "Presidential Administration"),
    "Congress": ("the Verkhovna Rada", "Parliament", "the State Duma", "the Bundestag", "the Knesset"),
    "Senate": ("Duma", "Rada", "Federation Council", "Bundestag", "upper house"),
    "Republicans": ("separatists", "opposition lawmakers", "Conservatives", "militants", "protesters", "rebels", "Liberals"),
    "Republican": ("opposition", "pro-Russian", "Conservative", "separatist", "nationalist", "Labour"),
    "Democrats": ("Ukrainians", "government supporters", "Social Democrats", "activists", "Communists", "coalition members"),
    "Democratic": ("pro-Western", "ruling", "Social Democratic", "Communist", "pro-government"),
    "GOP": ("rebel", "opposition", "coalition", "military"),
    "America": ("Russia", "Ukraine", "Europe", "Turkey", "India", "China"),
    "American": ("Russian", "Ukrainian", "European", "German", "Turkish", "Chinese"),
    "Americans": ("Russians", "Ukrainians", "Europeans", "Germans", "Turks"),
    "United States": ("Russian Federation", "European Union", "Soviet Union", "United Kingdom", "Security Council"),
    "Washington": ("Moscow", "Kiev", "Brussels", "Berlin", "Beijing", "Ankara"),
    "Iowa": ("Crimea", "Donetsk", "Bavaria", "Catalonia", "Kashmir"),
    "New Hampshire": ("Luhansk", "Eastern Ukraine", "Scotland", "Gaza"),
    "campaign": ("operation", "ministry", "army", "government", "company", "campaign"),
    "voters": ("soldiers", "residents", "refugees", "workers", "citizens"),
    "candidate": ("commander", "minister", "ambassador", "spokesman", "chairman"),
    "candidates": ("commanders", "ministers", "negotiators", "companies"),
    "election": ("referendum", "war", "ceasefire", "crisis", "summit"),
    "primary": ("referendum", "military", "sanctions", "trade"),
    "nomination": ("peace plan", "agreement", "treaty", "contract"),
    "debate": ("talks", "summit", "negotiations", "meeting"),
    "senator": ("general", "minister", "rebel leader", "diplomat", "lawmaker"),
    "governor": ("general", "mayor", "prime minister", "envoy"),
    "polls": ("reports", "figures", "satellite images", "polls"),
    "delegates": ("troops", "observers", "deputies", "tanks"),
    "convention": ("conference", "frontline", "assembly", "summit"),
    "tax": ("gas", "visa", "arms", "trade"),
    "FBI": ("SBU", "FSB", "OSCE", "MI5", "Interpol"),
    "Fox News": ("Russia Today", "the BBC", "Channel 5", "Interfax"),
    "CNN": ("Interfax", "Reuters", "RIA Novosti", "Al Jazeera", "Rossiya 24"),
}
