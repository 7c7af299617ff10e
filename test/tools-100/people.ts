import type { Request } from "./requests.ts";

/** short: a few words. long: with a story around it. misspelt. layman: does not know what the thing is called. de, fr, id: other languages. */
export type Manner = "short" | "long" | "misspelt" | "layman" | "de" | "fr" | "id";

/**
 * A second hundred, in the words of different kinds of people. All of it was written, and committed, before the search
 * was measured with it for the first time, and nothing was tuned on it: it is there for the figure in docs/left/policy.md.
 */
const LINES = `
short|tokyo time?|current_time
short|google it|web_search
short|my files|list_files
short|ping me at 5|remind_me
short|unread mail from mom|gmail_search
short|am I free thursday|calendar_list_events
short|vote: pizza or sushi|create_poll
short|logo for my band|generate_image
short|rain tomorrow?|weather_forecast
short|50 usd in eur|convert_currency
short|say it in spanish|translate_text
short|tesla stock|stock_quote
short|lights off|smart_home_set
short|open PRs|github_list_pull_requests
short|unpaid bills from clients|kledo_list_invoices
short|put on some lofi|play_music
short|run this|run_code
long|so we had this long argument last tuesday in here about whether the deposit was paid, can you dig out what exactly marcus wrote|search_conversation
long|I keep forgetting to take my pills after breakfast, could you nag me about it each day around nine|remind_me
long|my sister moved and I need to write her a card, do I have her number or address saved somewhere|contacts_search
long|the landlord wants the signed lease by tomorrow and I am sure I uploaded it to google at some point, where is it|drive_search
long|for the offsite we need a slot next week where paula, deniz and I are all free for two hours|calendar_find_free_time
long|here is a link to an article about bees, please go through it and tell me what it says https://bees.example/a|read_url
long|on that page there is a green button that says accept, press it for me please|browser_click
long|our build was red this morning and nobody knows why, can you look what happened to the last runs|github_workflow_runs
long|I finished the thing with the tax papers, so you can tick that off on my list|tasks_complete
long|a client called Hartono just wired us four million for the bill from march, please book that|kledo_record_payment
long|we are nearly out of the blue sneakers in the lyon shop but there should be a pile of them in paris, send 20 over|cegid_transfer_stock
long|that lead from the fair, the one with the bakery chain, said yes, so push it over to won|qontak_move_deal
long|every weekday before I get up, put together what is new in AI and drop it in this channel|schedule_prompt
long|kevin keeps posting the same advert in every channel, shut him up for an hour|mute_member
long|could you please have the coding agent fix the failing tests in the shop project while I am at lunch|claude_code
long|I want to fly from hamburg to lisbon in the second week of may, what is there|search_flights
long|let the other bot know that the database has been moved|hacs_send_instance_message
misspelt|remeber that im alergic to nuts|remember_fact
misspelt|whats on my calender tommorow|calendar_list_events
misspelt|serch the web for cheep laptops|web_search
misspelt|shedule a meating with bob at 3|calendar_create_event
misspelt|transalte this to german pls|translate_text
misspelt|delte the file named old notes|delete_file
misspelt|wheather in parris this weekend|weather_forecast
misspelt|creat a new spredsheet|sheets_create
misspelt|send an emial to my boss|gmail_send
misspelt|cancle my reminder|cancel_reminder
misspelt|github isues with the lable bug|github_list_issues
misspelt|convrt 20 pounds to yen|convert_currency
misspelt|direcions to the airport|directions
misspelt|transcibe the recoding|transcribe_audio
layman|what did I tell you about myself so far|recall_facts
layman|stop knowing where I work|forget_fact
layman|write this down somewhere I can get it back later|save_file
layman|give me that document I stored last week, as an attachment|send_file
layman|tell everyone in the news room that we meet at six|send_message_to_channel
layman|show me how that website looks|browser_screenshot
layman|put my name in the box on the page|browser_type
layman|let ben see my document too|drive_share
layman|make slides for my talk about whales|slides_create
layman|a programmer should know that the button does nothing, file it|github_create_issue
layman|how did the company do last quarter, did we make or lose money|kledo_profit_and_loss
layman|what do we have left in the till and at the bank|kledo_bank_balance
layman|how many of the red scarves are left in the marseille shop|cegid_stock_level
layman|does that lady have a loyalty card and what is on it|cegid_loyalty_points
layman|the customer's complaint is settled, shut the case|qontak_close_ticket
layman|a place to sleep in vienna for three nights|search_hotels
layman|how far is it to grandma by car|directions
layman|file that mail away, I am done with it|gmail_archive
de|Wie spät ist es gerade in Sydney?|current_time
de|Such mal, was Jonas hier über den Urlaub geschrieben hat|search_conversation
de|Schau im Netz nach, wann die Bäckerei aufmacht|web_search
de|Sag mir in einer Stunde Bescheid, dass die Pizza raus muss|remind_me
de|Leg einen Termin mit dem Zahnarzt am Montag um zehn an|calendar_create_event
de|Schreib meiner Chefin eine Mail, dass ich krank bin|gmail_send
de|Mal mir ein Bild von einem Drachen|generate_image
de|Welche Rechnungen sind noch offen?|kledo_list_invoices
de|Setz Butter auf die Einkaufsliste|tasks_add
de|Mach das Licht im Flur an|smart_home_set
de|Was kosten 80 Dollar in Euro?|convert_currency
de|Vergiss, dass ich in Köln wohne|forget_fact
fr|rappelle-moi d'appeler maman ce soir|remind_me
fr|quel temps fera-t-il à Nice dimanche|weather_forecast
fr|traduis cette phrase en anglais|translate_text
fr|cherche sur internet un bon restaurant|web_search
fr|supprime mon fichier de brouillon|delete_file
fr|montre-moi mes tâches|tasks_list
fr|combien de chemises reste-t-il à la boutique de Bordeaux|cegid_stock_level
fr|envoie ce message dans le salon annonces|send_message_to_channel
fr|trouve un vol pour Montréal|search_flights
fr|dessine un chat avec un chapeau|generate_image
fr|annule mon rendez-vous de vendredi|calendar_delete_event
id|ingatkan saya rapat jam dua siang|remind_me
id|cari di internet harga emas hari ini|web_search
id|buatkan gambar gunung saat matahari terbit|generate_image
id|cuaca di Bandung besok bagaimana|weather_forecast
id|kirim email ke Pak Andi soal kontrak|gmail_send
id|terjemahkan kalimat ini ke bahasa Jepang|translate_text
id|tampilkan daftar file saya|list_files
id|catat pembayaran dari pelanggan untuk faktur 12|kledo_record_payment
id|tiket keluhan pelanggan yang belum selesai|qontak_list_tickets
id|tambah tugas beli kertas|tasks_add
id|putar lagu dangdut|play_music
`;

export interface PeopleRequest extends Request {
  readonly manner: Manner;
}

export const PEOPLE: readonly PeopleRequest[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [manner = "", words = "", tool = ""] = line.split("|");
    return { manner: manner as Manner, words, tool };
  });
