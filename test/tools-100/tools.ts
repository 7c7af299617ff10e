import type { JsonObject, ToolSpec } from "../../src/core/model.ts";

/** A hundred tools as a well-furnished house has them: name | what it does | parameters. Written before anything was measured. */
const LINES = `
current_time|Tell the date and time in a time zone|timeZone
search_conversation|Search what was said earlier in this conversation|words, from, limit
web_search|Search the web and return titles, addresses and excerpts of pages|query, limit, freshness
read_url|Read a web page or PDF and return its text|url, maxChars
browser_open|Open a page in the browser|url
browser_click|Click an element on the open page|selector
browser_type|Type text into a field of the open page|selector, text
browser_screenshot|Take a picture of the open page|fullPage
save_file|Save a text file among the person's own files|name, content
read_file|Read one of the person's own files|name
list_files|List the person's own files|prefix
delete_file|Delete one of the person's own files|name
send_file|Attach one of the person's files to the answer|name
send_message_to_channel|Post a message into another channel of the server|channel, text
remind_me|Remind the person of something at a time, once or repeatedly|text, when, repeat
list_reminders|List the reminders that are set|
cancel_reminder|Cancel a reminder|reminderId
schedule_prompt|Run a prompt on a schedule and post its answer|prompt, cron, channel
create_poll|Create a poll with answers to vote on|question, answers, hours
generate_image|Draw an image from a description|prompt, size
transcribe_audio|Turn a voice message or recording into text|attachment, language
remember_fact|Keep a fact about the person for later|fact
recall_facts|Recall what is known about the person|query
forget_fact|Forget a fact about the person|factId
run_code|Run a program in the sandbox and return its output|language, code
install_package|Install a package in the sandbox|language, package
sandbox_read_file|Read a file inside the sandbox|path
sandbox_write_file|Write a file inside the sandbox|path, content
gmail_search|Search the person's Gmail for messages|query, limit
gmail_read|Read one Gmail message with its body|messageId
gmail_send|Send an e-mail from the person's Gmail|to, subject, body, cc
gmail_reply|Reply to a Gmail message|messageId, body
gmail_archive|Archive a Gmail message|messageId
gmail_label|Put a label on a Gmail message|messageId, label
calendar_list_events|List events of the person's calendar between two dates|from, to, calendar
calendar_create_event|Create an event or meeting in the calendar|title, start, end, attendees, location
calendar_update_event|Change the time or details of a calendar event|eventId, start, end
calendar_delete_event|Delete a calendar event|eventId
calendar_find_free_time|Find free time in which several people can meet|attendees, durationMinutes
drive_search|Search files in Google Drive|query
drive_read|Read the text of a Google Drive document|fileId
drive_create_document|Create a new Google document with text|title, text
drive_share|Share a Drive file with somebody|fileId, email, role
sheets_read_range|Read cells of a spreadsheet|spreadsheetId, range
sheets_write_range|Write values into cells of a spreadsheet|spreadsheetId, range, values
sheets_create|Create a new spreadsheet|title
slides_create|Create a presentation|title, outline
contacts_search|Find a person's phone number or e-mail address in the contacts|name
tasks_list|List to-do tasks|listId
tasks_add|Add a to-do task|title, due
tasks_complete|Mark a to-do task as done|taskId
github_search_code|Search code in GitHub repositories|query, repo
github_get_file|Get a file's content from a GitHub repository|repo, path, ref
github_list_issues|List issues of a GitHub repository|repo, state, labels
github_create_issue|Create an issue in a GitHub repository|repo, title, body
github_comment_issue|Comment on a GitHub issue or pull request|repo, number, body
github_list_pull_requests|List pull requests of a repository|repo, state
github_merge_pull_request|Merge a pull request|repo, number
github_create_branch|Create a branch in a repository|repo, branch, from
github_workflow_runs|Show the runs of GitHub Actions and whether they failed|repo, workflow
azure_list_work_items|List work items of an Azure DevOps board|project, query
azure_create_work_item|Create a work item or bug in Azure DevOps|project, type, title
azure_run_pipeline|Start an Azure DevOps pipeline|project, pipeline, branch
claude_code|Let a coding agent change a project in its folder|prompt
claude_code_status|Tell what the coding agent is doing|
kledo_list_invoices|List sales invoices in the accounts|status, from, to, customer
kledo_create_invoice|Write a sales invoice for a customer|customer, items, dueDate
kledo_record_payment|Record that an invoice was paid|invoiceId, amount, date
kledo_list_expenses|List expenses and bills|from, to, category
kledo_create_expense|Record an expense|amount, category, date, vendor
kledo_profit_and_loss|Profit and loss report for a period|from, to
kledo_balance_sheet|Balance sheet at a date|date
kledo_bank_balance|Balance of the bank and cash accounts|account
kledo_list_products|List products with prices|query
cegid_stock_level|How many pieces of an item a store has in stock|item, store
cegid_transfer_stock|Move goods from one store to another|item, quantity, from, to
cegid_sales_of_day|Turnover and number of receipts of a store on a day|store, date
cegid_find_customer|Find a retail customer by name, phone or loyalty card|query
cegid_loyalty_points|Show or change loyalty points of a customer|customerId, points
cegid_price_check|Retail price of an item, with promotions|item, store
cegid_list_stores|List the stores with their addresses|country
qontak_list_deals|List deals in the sales pipeline of the CRM|stage, owner
qontak_create_deal|Create a deal in the CRM|name, amount, stage
qontak_move_deal|Move a deal to another stage of the pipeline|dealId, stage
qontak_find_contact|Find a contact or lead in the CRM|query
qontak_send_whatsapp|Send a WhatsApp message to a contact by template|contactId, template
qontak_list_tickets|List customer support tickets|status
qontak_close_ticket|Close a customer support ticket|ticketId
hacs_store_memory|Store a memory that other AI instances can read|text, tags
hacs_send_instance_message|Send a message to another AI instance|instance, text
weather_forecast|Weather forecast for a place|place, days
convert_currency|Convert an amount between currencies at today's rate|amount, from, to
translate_text|Translate text into a language|text, to
stock_quote|Price of a share on the stock exchange|symbol
search_flights|Search flights between two airports|from, to, date
search_hotels|Search hotels in a city with prices|city, checkIn, checkOut
directions|Route and travel time between two places|from, to, mode
play_music|Play a song or playlist in the voice channel|query
smart_home_set|Switch lights, heating and other devices at home|device, state
mute_member|Time out a member of the server who misbehaves|member, minutes, reason
`;

export const TOOLS: readonly ToolSpec[] = LINES.trim()
  .split("\n")
  .map((line) => {
    const [name = "", description = "", parameters = ""] = line.split("|");
    return { name, description: `${description}.`, inputSchema: schemaOf(parameters) };
  });

function schemaOf(parameters: string): JsonObject {
  const names = parameters.split(", ").filter((name) => name !== "");
  const properties = Object.fromEntries(
    names.map((name) => [name, { type: "string", description: `The ${name} that is meant` }]),
  );
  return { type: "object", properties, required: names.slice(0, 1), additionalProperties: false };
}
