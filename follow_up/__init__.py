"""What happens between visits: appointments, referrals with their loop, and the reminders for both.

What the record, the screens and the plan hold comes in; packets and neutral messages go out through consent's release.
A referral is not done when it is sent: it waits here until its loop is closed with a reason.
"""
